import { basename, dirname, join, posix } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import { listNames } from "../../../../shared/base/plain-name.ts";
import { type OpenFiles, withOpenFiles } from "../../base/byte-range.ts";
import { filesIn, hasFolder, pathKind } from "../../base/paths.ts";
import { lastNotAbove } from "../arrays/rows.ts";
import { checkLabels, numberedClasses } from "../classes/class-names.ts";
import {
  classNumbers,
  namedFromZero,
  numberLabels,
  type StatedLabels,
  wordKeeper,
} from "../classes/labels.ts";
import {
  checkImageCount,
  type DatasetFormat,
  type DatasetPart,
  type DatasetSource,
  type PartName,
  partNamed,
} from "../dataset-source.ts";
import { CellSpool } from "../files/cell-spool.ts";
import { openParquet, type ParquetFile, type RowGroup } from "../files/parquet-file.ts";
import { listingFingerprint } from "../fingerprint.ts";
import { openedOrNamed } from "../images/decode-image.ts";
import { decodeSome } from "../images/decode-some.ts";

/**
 * Parquet files as Hugging Face publishes image data sets: a column of encoded images, `{bytes, path}` or bytes, and a column
 * of labels, whose names are in the footer. Splits are told by the files' names (train-00000-of-00002.parquet).
 * @see https://huggingface.co/docs/datasets/image_dataset
 */
export const parquetFormat: DatasetFormat = {
  id: "parquet",
  title: "Parquet, as Hugging Face has it",
  layout:
    "a .parquet file or a folder of them (train-00000-of-00001.parquet), with a column of images and one of labels",
  detect: async (path) => (await findFiles(path)).files.length > 0,
  open: (path, job) =>
    withOpenFiles(path, async (open) => {
      const { root, files } = await findFiles(path);
      const notes = missingFiles(files);
      const tables: Table[] = [];
      for (const file of files) tables.push(await openTable(root, file, open, job));
      const parts = withoutUnlabelled(tables, notes);
      return parquetSource({ path, root, ...numbered(parts, path, notes), notes, open, files });
    }),
};

interface PartFile {
  /** Relative to the root, `/` between folders. */
  readonly name: string;
  readonly part: PartName;
}

/** The Parquet files of a folder, in its folder data/, or in folders that are named after parts. */
async function findFiles(path: string): Promise<{ root: string; files: readonly PartFile[] }> {
  const kind = await pathKind(path);
  if (kind === "file") {
    const name = basename(path);
    const files = parquetName.test(name) ? [{ name, part: partOf(name) ?? ("all" as const) }] : [];
    return { root: dirname(path), files };
  }
  const files: PartFile[] = [];
  for (const folder of kind === "folder" ? ["", "data", "train", "val", "validation", "test"] : []) {
    if (!(await hasFolder(path, folder))) continue;
    const inside = await filesIn(join(path, folder), parquetName);
    for (const name of inside)
      files.push({ name: posix.join(folder, name), part: partOf(name) ?? partNamed(folder) ?? "all" });
  }
  const hasParts = files.some(({ part }) => part !== "all");
  return { root: path, files: files.filter(({ part }) => !hasParts || part !== "all") };
}

const parquetName = /\.parquet$/i;

function partOf(name: string): PartName | undefined {
  return partNamed(/^[a-z]+/i.exec(name)?.[0] ?? "");
}

/** Names of the files that a split was written in but that aren't there. */
function missingFiles(files: readonly PartFile[]): string[] {
  const counts = new Map<string, { found: number; all: number }>();
  for (const { name } of files) {
    const match = /^(.*)-\d+-of-(\d+)\.parquet$/i.exec(name);
    if (match === null) continue;
    const [, title, all] = match;
    counts.set(title, { found: (counts.get(title)?.found ?? 0) + 1, all: Number(all) });
  }
  return [...counts]
    .filter(([, { found, all }]) => found < all)
    .map(([title, { found, all }]) => `${title}: ${found} of its ${all} files are there`);
}

/** One file's images. */
interface ImageTable {
  readonly name: string;
  readonly file: Pick<ParquetFile, "groups" | "read">;
  readonly imageColumn: string;
}

/** One file with its labels. */
interface Table extends ImageTable {
  readonly part: PartName;
  readonly file: ParquetFile;
  readonly labels: readonly Label[];
  readonly classNames: readonly string[] | undefined;
}

const IMAGE_COLUMNS = ["image", "img", "images", "picture", "photo", "bytes"];
const LABEL_COLUMNS = ["label", "labels", "fine_label", "class", "category", "target", "y"];

async function openTable(root: string, { name, part }: PartFile, open: OpenFiles, job: Job): Promise<Table> {
  const file = await openParquet(await open.open(join(root, name)));
  const features = featuresOf(file);
  const imageColumn = chosenColumn(file, IMAGE_COLUMNS, ({ name, fields }) => {
    return features.get(name)?.isImage === true || fields.includes("bytes");
  });
  const labelColumn = chosenColumn(
    file,
    LABEL_COLUMNS,
    ({ name }) => features.get(name)?.names !== undefined,
  );
  if (imageColumn === undefined || labelColumn === undefined) {
    const columns = listNames(file.columns.map((column) => column.name)) || "(none)";
    throw invalid(file.where, `has the columns ${columns}, expected images (image) and labels (label)`);
  }
  checkImageCount(file.where, file.rows);
  const labels: Label[] = [];
  const spelled = labelReader(file.where);
  for (const group of file.groups) {
    for (const label of await file.read(labelColumn, group)) labels.push(spelled(label));
    await job.pause();
  }
  return { name, part, file, imageColumn, labels, classNames: features.get(labelColumn)?.names };
}

/** What a row's label is: a name, a number, or nothing that can be one. */
type Label = string | number | bigint | null;

/** Longest label; it is the name of a class. */
const LONGEST_LABEL = 4096;

/**
 * Text comes as bytes where the file doesn't say that it is text.
 * @throws AppError 'data-invalid' from what it returns, if a label is longer than any name
 */
function labelReader(where: string): (value: unknown) => Label {
  const kept = wordKeeper();
  const texts = new WeakMap<Uint8Array, string>();
  return (value) => {
    if (typeof value === "number" || typeof value === "bigint") return value;
    if (typeof value !== "string" && !(value instanceof Uint8Array)) return null;
    if (value.length > LONGEST_LABEL)
      throw invalid(where, `holds a label of ${value.length} characters, expected at most ${LONGEST_LABEL}`);
    // A dictionary's value is the same bytes in many rows.
    const before = typeof value === "string" ? undefined : texts.get(value);
    if (before !== undefined) return before;
    const text = kept(typeof value === "string" ? value : Buffer.from(value).toString());
    if (typeof value !== "string") texts.set(value, text);
    return text;
  };
}

/** A column by its kind, those with a usual name first; else one with a usual name. */
function chosenColumn(
  { columns }: ParquetFile,
  usual: readonly string[],
  isOfKind: (column: ParquetFile["columns"][number]) => boolean,
): string | undefined {
  const rank = (name: string) => (usual.includes(name) ? usual.indexOf(name) : usual.length);
  const inOrder = [...columns].sort((a, b) => rank(a.name) - rank(b.name));
  return (inOrder.find(isOfKind) ?? inOrder.find(({ name }) => usual.includes(name)))?.name;
}

interface Feature {
  readonly isImage: boolean;
  /** Class names in the order of their numbers. */
  readonly names: readonly string[] | undefined;
}

/** What the library `datasets` notes of each column. */
function featuresOf(file: ParquetFile): Map<string, Feature> {
  const text = file.note("huggingface");
  const features = new Map<string, Feature>();
  if (text === undefined) return features;
  for (const [column, about] of Object.entries(objectIn(objectIn(objectIn(parsed(text)).info).features))) {
    const { _type, names } = objectIn(about);
    const isNames = Array.isArray(names) && names.every((name) => typeof name === "string");
    features.set(column, { isImage: _type === "Image", names: isNames ? names : undefined });
  }
  return features;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A note that can't be read says nothing; the columns still do.
    return undefined;
  }
}

function objectIn(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** Leaves out parts that were published without labels, which are -1 then. */
function withoutUnlabelled(tables: readonly Table[], notes: string[]): Map<PartName, readonly Table[]> {
  const parts = new Map<PartName, readonly Table[]>();
  for (const part of new Set(tables.map((table) => table.part))) {
    const inPart = tables.filter((table) => table.part === part);
    const isUnlabelled = inPart.every(({ labels }) =>
      labels.every((label) => label === null || Number(label) === -1),
    );
    if (isUnlabelled) notes.push(`left out: the ${part} images, which have no labels`);
    else parts.set(part, inPart);
  }
  if (parts.size > 0) return parts;
  throw invalid(tables[0].file.where, "has no labels");
}

/** A part and the files that it lies in. */
interface ParquetPart extends DatasetPart {
  readonly tables: readonly Table[];
}

type ParquetParts = Readonly<Partial<Record<PartName, ParquetPart>>>;

function numbered(
  parts: ReadonlyMap<PartName, readonly Table[]>,
  path: string,
  notes: string[],
): Pick<ParquetDataset, "classNames" | "classesSortedBy" | "parts"> {
  const all = [...parts.values()].flat();
  const listed = all.find(({ classNames }) => classNames !== undefined)?.classNames;
  const stated = new Map([...parts].map(([part, tables]) => [part, statedLabels(tables)]));
  const { labels, classNames, classesSortedBy } = numberLabels(stated, listed, path);
  const names = classNames ?? numberedClasses([...labels.values()]);
  const entries = [...parts].map(([part, tables]) => [part, { tables, labels: labels.get(part)! }] as const);
  const plain: Record<string, ParquetPart> = Object.fromEntries(entries);
  const { parts: labelled, notes: moved } = namedFromZero(plain, classNames);
  notes.push(...moved);
  for (const { labels, tables } of Object.values(labelled))
    checkLabels(labels, names.length, tables[0].file.where);
  return { classNames: names, classesSortedBy, parts: labelled };
}

function statedLabels(tables: readonly Table[]): StatedLabels {
  const labels = tables.flatMap((table) => table.labels);
  const { where } = tables[0].file;
  if (labels.every((label) => typeof label === "string")) return { by: "name", labels };
  const numbers = labels.map((label) => (typeof label === "string" || label === null ? Number.NaN : label));
  return { by: "number", labels: classNumbers(numbers, where) };
}

interface ParquetDataset {
  readonly path: string;
  readonly root: string;
  readonly classNames: readonly string[];
  readonly classesSortedBy?: DatasetSource["classesSortedBy"];
  readonly parts: ParquetParts;
  readonly notes: readonly string[];
  readonly files: readonly PartFile[];
  readonly open: OpenFiles;
}

function parquetSource(dataset: ParquetDataset): DatasetSource {
  const { path, root, classNames, classesSortedBy, parts, notes, files, open } = dataset;
  const images = imageCells(Object.values(parts).flatMap((part) => [...part.tables]));
  const startsByPart = new Map(
    Object.entries(parts).map(([part, { tables }]) => [part, startsOf(tables.map(({ file }) => file.rows))]),
  );
  const placeOf = (part: PartName, index: number): Place => {
    const { tables = [] } = parts[part] ?? {};
    const starts = startsByPart.get(part) ?? [];
    const at = lastNotAbove(starts, index);
    const [table, row] = [tables[at], index - starts[at]];
    if (table && row >= 0 && row < table.file.rows) return { table, row };
    throw new AppError("shape-mismatch", `${path}: has no image ${index} in part "${part}"`);
  };
  return {
    path,
    format: parquetFormat.id,
    classNames,
    classesSortedBy,
    parts,
    notes,
    read: async (part, indices) => {
      const places = Array.from(indices, (index) => placeOf(part, index));
      const cells = await images.read(places);
      return decodeSome(places.length, (at) =>
        openedOrNamed(located(places[at]), async () => bytesIn(await cells[at]())),
      );
    },
    locate: (part, index) => located(placeOf(part, index)),
    fingerprint: (job) =>
      listingFingerprint(
        [parquetFormat.id, ...classNames],
        root,
        files.map(({ name }) => name),
        job,
      ),
    close: async () => {
      await images.close();
      await open.close();
    },
  };
}

/** Where each of some stretches begins that lie behind each other. */
function startsOf(lengths: readonly number[]): number[] {
  let end = 0;
  return lengths.map((length) => {
    end += length;
    return end - length;
  });
}

interface Place {
  readonly table: ImageTable;
  readonly row: number;
}

function located({ table, row }: Place): string {
  return `${table.name}[${row}]`;
}

function encodedImage(cell: unknown): Uint8Array | undefined {
  const bytes = cell instanceof Uint8Array ? cell : objectIn(cell).bytes;
  return bytes instanceof Uint8Array ? bytes : undefined;
}

/** @throws Error saying what the cell holds instead of an image */
function bytesIn(cell: unknown): Uint8Array {
  const bytes = encodedImage(cell);
  if (bytes) return bytes;
  const { path } = objectIn(cell);
  const kept = typeof path === "string" ? `only names the image (${path.slice(0, 100)})` : "holds no image";
  throw new Error(`${kept}: publish the images within the file`);
}

/** Bytes of unpacked images that are kept in memory. */
const MEMORY_BYTES = 256 * 2 ** 20;

/** A cell of the image column, unpacked when it is asked for. */
type Cell = () => Promise<unknown>;

/** The cells of image columns. A row group is unpacked as a whole, once, though its images are asked for in random order. */
interface ImageCells {
  /** In the order of `places`. */
  read(places: readonly Place[]): Promise<readonly Cell[]>;
  close(): Promise<void>;
}

/** Kept in memory if all images fit, else in a temporary file. */
export function imageCells(tables: readonly ImageTable[], memoryBytes = MEMORY_BYTES): ImageCells {
  const bytes = tables.flatMap(({ file }) => file.groups).reduce((sum, group) => sum + group.bytes, 0);
  const spool = bytes > memoryBytes ? new CellSpool() : undefined;
  const keep = spool ? (values: readonly unknown[]) => spooled(values, spool) : inMemory;
  const groups = new Map<RowGroup, Promise<readonly Cell[]>>();
  const starts = new Map(tables.map(({ file }) => [file, file.groups.map(({ firstRow }) => firstRow)]));
  const cellAt = async ({ table: { file, imageColumn }, row }: Place): Promise<Cell> => {
    const group = file.groups[lastNotAbove(starts.get(file)!, row)];
    const cells = groups.get(group) ?? file.read(imageColumn, group).then(keep);
    groups.set(group, cells);
    return (await cells)[row - group.firstRow];
  };
  return {
    read: async (places) => {
      const cells: Cell[] = [];
      // One after the other, so that no two groups are unpacked at the same time.
      for (const place of places) cells.push(await cellAt(place));
      return cells;
    },
    close: async () => {
      groups.clear();
      await spool?.close();
    },
  };
}

async function inMemory(values: readonly unknown[]): Promise<readonly Cell[]> {
  return values.map((value) => async () => value);
}

/** Images are put into the spool; cells without one stay, to say what they hold. */
async function spooled(values: readonly unknown[], spool: CellSpool): Promise<readonly Cell[]> {
  const images = values.map(encodedImage);
  // A dictionary's image is the same bytes in many rows.
  const different = [...new Set(images.flatMap((image) => image ?? []))];
  const stretches = await spool.add(different);
  const places = new Map(different.map((image, at) => [image, stretches[at]]));
  return values.map((value, at) => {
    const stretch = images[at] && places.get(images[at]);
    return stretch ? () => spool.read(stretch) : async () => value;
  });
}

function invalid(where: string, what: string): AppError {
  return new AppError("data-invalid", `${where}: ${what}`);
}
