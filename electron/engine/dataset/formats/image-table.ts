import { readdir } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join, posix, relative, sep } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";
import { formatCount, formatCounted } from "../../../../shared/base/format-number.ts";
import type { Job } from "../../../../shared/base/job.ts";
import { unreadable } from "../../../disk/disk-error.ts";
import { openRegularFile, placeWithin, readFully, readRegularFile } from "../../../disk/regular-file.ts";
import { isLfsPointer, lfsPointerReason } from "../../base/byte-range.ts";
import { inGroups } from "../../base/in-groups.ts";
import { filesIn, hasFolder, pathKind } from "../../base/paths.ts";
import { checkLabels, numberedClasses } from "../classes/class-names.ts";
import { classNumbers, numberLabels, type StatedLabels, wordKeeper } from "../classes/labels.ts";
import { checkImageCount, type DatasetFormat, type PartName, partNamed } from "../dataset-source.ts";
import { csvRows } from "../files/csv.ts";
import { decodeText } from "../files/decode-text.ts";
import { type FilesPart, imageFilesSource } from "../image-files.ts";
import { isImageName, isReadImage } from "../images/decode-image.ts";

/**
 * A table of image files and their classes, as Kaggle publishes them: labels.csv, or train.csv, val.csv and test.csv. Columns
 * are known by their names, or by what the first line holds where there are none. Images are looked for beside the table
 * and in folders such as images/ and train/, with any extension where the table gives none.
 */
export const imageTableFormat: DatasetFormat = {
  id: "image-table",
  title: "Table of image files",
  layout:
    "a .csv table (labels.csv, or train.csv and test.csv) with columns such as image and label, beside its images",
  detect: async (path) => (await findTables(path)).length > 0,
  open: async (path, job) => {
    const tables = await findTables(path);
    checkApart(tables);
    const root = tables[0].root;
    const notes: string[] = [];
    const rows: TableRows[] = [];
    for (const table of tables) {
      if (!isLabelled(table)) notes.push(`left out: ${table.name}, which has no column of labels`);
      else rows.push(...(await readTable(table, notes, job)));
    }
    const { labels, classNames, classesSortedBy } = numberLabels(
      statedLabels(rows),
      classesInColumns(tables),
      path,
    );
    const names = classNames ?? numberedClasses([...labels.values()]);
    const parts: Partial<Record<PartName, FilesPart>> = {};
    for (const { part, files } of rows) parts[part] = { files, labels: labels.get(part)! };
    for (const { part, table } of rows) checkLabels(parts[part]!.labels, names.length, table.name);
    return imageFilesSource({
      ...{ path, root, format: imageTableFormat.id, classNames: names, classesSortedBy, parts, notes },
      tables: tables.map(({ name }) => name),
    });
  },
};

interface ClassColumn {
  readonly name: string;
  readonly place: number;
}

/** Where a table has what, by column. */
interface Columns {
  readonly image: number;
  readonly label: number | undefined;
  /** One per class, where a 1 says which it is; only without a column of labels. */
  readonly classes?: readonly ClassColumn[];
  /** The part that a row belongs to. */
  readonly split: number | undefined;
  readonly hasHeader: boolean;
}

interface Table {
  readonly root: string;
  /** File name within the root. */
  readonly name: string;
  /** The folder that it was found in and must lie in; absent where a person named it. */
  readonly within: string | undefined;
  /** The part that it is named after. */
  readonly part: PartName;
  readonly columns: Columns;
}

/** Names of columns, those that say more first. */
const IMAGE_COLUMNS =
  "filename file_name filepath filepaths file_path image_path img_path image image_name img path file image_id id_code id name".split(
    " ",
  );
const LABEL_COLUMNS =
  "label labels class classname class_name category breed species target diagnosis class_id label_id y".split(
    " ",
  );
const SPLIT_COLUMNS = ["split", "subset", "data_set", "dataset", "partition"];

const tableName = /\.[ct]sv$/i;

/** Words in a table's name beside the part that it holds. */
const TITLE_WORDS = new Set(
  "label labels annotation annotations metadata images image data set split list".split(" "),
);

/**
 * The tables of a folder that tell images and classes, or those in its folders train, val and test; a part's own tables go
 * before one of all images.
 */
async function findTables(path: string): Promise<Table[]> {
  if ((await pathKind(path)) !== "folder")
    return usable(await tablesAmong(dirname(path), [basename(path)], "all"));
  const beside = usable(await tablesAmong(path, await filesIn(path, tableName)));
  if (beside.length > 0) return beside;
  const inParts: Table[] = [];
  for (const folder of ["train", "val", "validation", "test"]) {
    if (!(await hasFolder(path, folder))) continue;
    const names = (await filesIn(join(path, folder), tableName)).map((name) => posix.join(folder, name));
    const part = partNamed(folder)!;
    inParts.push(...(await tablesAmong(path, names)).map((table) => ({ ...table, part })));
  }
  return usable(inParts);
}

/** @param fallback the part of a table that isn't named after one, where a person named the table itself */
async function tablesAmong(root: string, names: readonly string[], fallback?: PartName): Promise<Table[]> {
  const tables: Table[] = [];
  for (const name of names.filter((name) => tableName.test(name))) {
    const part = partOf(name) ?? fallback;
    const within = fallback === undefined ? root : undefined;
    const columns = part && (await readColumns(join(root, name), within));
    if (part && columns) tables.push({ root, name, within, part, columns });
  }
  return tables;
}

function isLabelled({ columns }: Table): boolean {
  return columns.label !== undefined || columns.classes !== undefined;
}

function usable(tables: readonly Table[]): Table[] {
  const hasParts = tables.some((table) => table.part === "train" && isLabelled(table));
  const used = tables.filter(({ part }) => !hasParts || part !== "all");
  return used.some(isLabelled) ? used : [];
}

/** @throws AppError 'data-invalid' if two tables list the images of one part */
function checkApart(tables: readonly Table[]): void {
  const labelled = tables.filter(isLabelled);
  for (const [index, { root, name, part }] of labelled.entries()) {
    const other = labelled.slice(0, index).find((earlier) => earlier.part === part);
    if (other === undefined) continue;
    throw invalid(
      root,
      `both ${other.name} and ${name} list the ${part} images: open one of them by its path`,
    );
  }
}

function partOf(name: string): PartName | undefined {
  const words = basename(name, extname(name))
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "" && !TITLE_WORDS.has(word));
  if (words.length > 1) return undefined;
  return words.length === 0 ? "all" : partNamed(words[0]);
}

/** What is read of a table to know its columns. */
const HEAD_BYTES = 65_536;

/** @param within the folder that it was found in, where other tables may lie; absent where a person named it */
async function readColumns(file: string, within: string | undefined): Promise<Columns | undefined> {
  const { handle, bytes } = await openRegularFile(file, { within });
  try {
    const head = new Uint8Array(Math.min(HEAD_BYTES, bytes));
    await readFully(handle, file, 0, head);
    if (isLfsPointer(head)) throw invalid(file, lfsPointerReason);
    const [first, second] = firstRows(decodeText(head, bytes <= HEAD_BYTES), 2);
    return first && columnsOf(first, second ?? [], within !== undefined);
  } finally {
    await handle.close();
  }
}

function firstRows(text: string, max: number): (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  for (const { cells } of csvRows(text)) if (rows.push(cells) === max) break;
  return rows;
}

/** @param second the row behind the first, which tells classes that have a column each */
function columnsOf(
  cells: readonly string[],
  second: readonly string[],
  isFound: boolean,
): Columns | undefined {
  const names = cells.map((cell) => cell.toLowerCase().replace(/[^a-z0-9]+/g, "_"));
  const find = (known: readonly string[]) => {
    const name = known.find((candidate) => names.includes(candidate));
    return name === undefined ? undefined : names.indexOf(name);
  };
  const image = find(IMAGE_COLUMNS);
  if (image !== undefined) {
    const onlyOther = names.length === 2 && !isFound ? 1 - image : undefined;
    const [label, split] = [find(LABEL_COLUMNS) ?? onlyOther, find(SPLIT_COLUMNS)];
    const classes = label === undefined ? oneHotColumns(cells, second, [image, split]) : undefined;
    return { image, label, classes, split, hasHeader: true };
  }
  const place = cells.findIndex(isImageName);
  if (place < 0 || cells.length < 2) return undefined;
  return { image: place, label: place === 0 ? 1 : 0, split: undefined, hasHeader: false };
}

/** Columns of one class each, of which a row has a single 1, as ISIC has them. */
function oneHotColumns(
  names: readonly string[],
  row: readonly string[],
  others: readonly (number | undefined)[],
): readonly ClassColumn[] | undefined {
  const columns = [...names.entries()].flatMap(([place, name]) =>
    others.includes(place) ? [] : [{ name, place }],
  );
  const isOneHot = columns.every(({ place }) => isZeroOrOne(row[place])) && hot(columns, row).length === 1;
  return columns.length > 1 && isOneHot ? columns : undefined;
}

function isZeroOrOne(cell = ""): boolean {
  return /^[01](\.0*)?$/.test(cell);
}

function hot(columns: readonly ClassColumn[], row: readonly string[]): readonly ClassColumn[] {
  return columns.filter(({ place }) => Number(row[place]) === 1);
}

interface TableRows {
  readonly table: Table;
  readonly part: PartName;
  readonly files: string[];
  readonly labels: string[];
}

/** Longest table: that of a million images takes less than 100 MB. */
const MAX_BYTES = 2 ** 27;
const PAUSE_EVERY = 100;

/** Reads a table's rows, by part. */
async function readTable(table: Table, notes: string[], job: Job): Promise<TableRows[]> {
  const { name, columns } = table;
  const finder = new ImageFinder(table);
  const byPart = new Map<PartName, TableRows>();
  const seen = new Set<string>();
  const missing: string[] = [];
  const spelled = wordKeeper();
  let [rows, unlabelled] = [0, 0];
  const isSplit = columns.split !== undefined && table.part === "all";
  for (const { cells, line } of csvRows(await readText(table), cellsIn(columns))) {
    if (line === 1 && columns.hasHeader) continue;
    if (++rows % PAUSE_EVERY === 0) await job.pause();
    checkImageCount(join(table.root, name), rows);
    const [image = "", label = ""] = [cells[columns.image], labelIn(table, cells, line)];
    if (image === "" || label === "") {
      unlabelled++;
      continue;
    }
    const file = await finder.find(image, line);
    if (file === undefined) {
      missing.push(image);
      continue;
    }
    const part = isSplit ? splitOf(table, cells[columns.split!] ?? "", line) : table.part;
    const inPart = byPart.get(part) ?? { table, part, files: [], labels: [] };
    inPart.files.push(file);
    inPart.labels.push(spelled(label));
    seen.add(file);
    byPart.set(part, inPart);
  }
  const found = [...byPart.values()].reduce((sum, { files }) => sum + files.length, 0);
  if (found === 0) throw noneFound(table, missing);
  notes.push(...notesOn(name, rows, unlabelled, missing, found - seen.size));
  return [...byPart.values()];
}

function labelIn(table: Table, cells: readonly string[], line: number): string | undefined {
  const { label, classes = [] } = table.columns;
  if (label !== undefined) return cells[label];
  const found = hot(classes, cells);
  if (found.length === 1 && classes.every(({ place }) => isZeroOrOne(cells[place]))) return found[0].name;
  const where = join(table.root, table.name);
  throw invalid(
    where,
    `line ${line}: expected a single 1 and zeros in the ${classes.length} columns of classes`,
  );
}

function splitOf(table: Table, cell: string, line: number): PartName {
  const part = partNamed(cell);
  if (part !== undefined) return part;
  throw invalid(
    join(table.root, table.name),
    `line ${line}: "${cell}" names no split, expected train, val or test`,
  );
}

/** How many cells of a row are looked at. */
function cellsIn({ image, label = 0, classes = [], split = 0 }: Columns): number {
  return classes.reduce((max, { place }) => Math.max(max, place), Math.max(image, label, split)) + 1;
}

async function readText({ root, name, within }: Table): Promise<string> {
  return decodeText(await readRegularFile(join(root, name), { within, maxBytes: MAX_BYTES }));
}

function noneFound({ root, name }: Table, missing: readonly string[]): AppError {
  if (missing.length === 0) return invalid(join(root, name), "lists no images with labels");
  return invalid(
    join(root, name),
    `no image that it lists is there, such as "${missing[0]}" of ${formatCounted(missing.length, "row")}; they are looked ` +
      "for beside the table and in images/ and train/",
  );
}

function notesOn(
  name: string,
  rows: number,
  unlabelled: number,
  missing: readonly string[],
  repeated: number,
): string[] {
  const share = (count: number) => `${formatCount(count)} of ${formatCount(rows)} rows of ${name}`;
  return [
    ...(unlabelled > 0 ? [`${share(unlabelled)} lack an image or a label and are left out`] : []),
    ...(missing.length > 0
      ? [`${share(missing.length)} name images that aren't there, such as "${missing[0]}", and are left out`]
      : []),
    ...(repeated > 0 ? [`${share(repeated)} name an image again that was named before`] : []),
  ];
}

/** Classes in the order of their columns, as a training that takes the place of the 1 numbers them. */
function classesInColumns(tables: readonly Table[]): readonly string[] | undefined {
  const classes = tables.find(({ columns }) => columns.classes !== undefined)?.columns.classes;
  return classes?.map(({ name }) => name);
}

/** Labels by part: numbers where all are, else names. */
function statedLabels(rows: readonly TableRows[]): Map<PartName, StatedLabels> {
  const areNames = rows.some(({ table }) => table.columns.classes !== undefined);
  const areNumbers =
    !areNames && rows.every(({ labels }) => labels.every((label) => /^\d{1,9}(\.0+)?$/.test(label)));
  const stated = rows.map(({ part, labels, table }): [PartName, StatedLabels] => [
    part,
    areNumbers
      ? { by: "number", labels: classNumbers(labels.map(Number), table.name) }
      : { by: "name", labels },
  ]);
  return new Map(stated);
}

/** What lies in a folder: images, images by what stands before their extension, and folders. */
interface Listing {
  readonly images: ReadonlySet<string>;
  readonly stems: ReadonlyMap<string, string>;
  readonly folders: ReadonlySet<string>;
  /** Names by their small letters, where only one has them: tables are often made where case makes no difference. */
  readonly smallImages: ReadonlyMap<string, string | undefined>;
  readonly smallFolders: ReadonlyMap<string, string | undefined>;
}

/** A folder that images are looked for in. */
interface Place {
  /** From the root, `/` between folders. */
  readonly folder: string;
  readonly listing: Listing;
}

/** Finds the files that a table names; looks into each folder once. */
class ImageFinder {
  readonly #table: Table;
  readonly #folders: readonly string[];
  /** By path from the root, of the folders that there are. */
  readonly #listings = new Map<string, Listing>();
  /** Where the folders are that paths may start from. */
  #starts: readonly Place[] | undefined;
  /** The places for the folder that was asked for last: rows mostly name many images of one. */
  #last: { readonly folder: string; readonly places: readonly Place[] } | undefined;

  constructor(table: Table) {
    this.#table = table;
    const part = table.part === "all" ? "train" : table.part;
    this.#folders = [
      posix.dirname(table.name),
      "images",
      part,
      `${part}/images`,
      `images/${part}`,
      `${part}_images`,
      "img",
      "imgs",
      "data",
    ];
  }

  /**
   * @returns the path from the root, `/` between folders; undefined if there is no such image
   * @throws AppError 'data-invalid' if the path leads out of the root
   */
  async find(image: string, line: number): Promise<string | undefined> {
    const path = this.#inside(image, line);
    const slash = path.lastIndexOf("/");
    const [folder, name] = [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)];
    if (this.#last?.folder !== folder) this.#last = { folder, places: await this.#places(folder) };
    for (const place of this.#last.places) {
      const found = imageNamed(name, place.listing);
      if (found !== undefined) return posix.join(place.folder, found);
    }
    return undefined;
  }

  async #places(folder: string): Promise<readonly Place[]> {
    this.#starts ??= await this.#below([{ folder: ".", listing: await this.#listing(".") }], this.#folders);
    return folder === "" ? this.#starts : this.#below(this.#starts, [folder]);
  }

  /** Goes down folder by folder, so that one that isn't there costs no look at the disk. */
  async #below(starts: readonly Place[], ways: readonly string[]): Promise<readonly Place[]> {
    const found: Place[] = [];
    for (const start of starts)
      for (const way of ways) {
        let place: Place | undefined = start;
        for (const name of way === "." ? [] : way.split("/")) {
          place = await this.#folderNamed(name, place);
          if (place === undefined) break;
        }
        if (place) found.push(place);
      }
    return found;
  }

  async #folderNamed(name: string, { folder, listing }: Place): Promise<Place | undefined> {
    const found = listing.folders.has(name) ? name : listing.smallFolders.get(name.toLowerCase());
    if (found === undefined) return undefined;
    const inside = posix.join(folder, found);
    return { folder: inside, listing: await this.#listing(inside) };
  }

  async #listing(folder: string): Promise<Listing> {
    const known = this.#listings.get(folder);
    if (known) return known;
    const made = await listFolder(this.#table.root, folder);
    this.#listings.set(folder, made);
    return made;
  }

  /** The path from the root that a cell states. */
  #inside(image: string, line: number): string {
    const { root, name } = this.#table;
    const stated = isAbsolute(image)
      ? relative(root, image).split(sep).join("/")
      : image.replaceAll("\\", "/");
    const path = posix.normalize(stated);
    if (path !== ".." && !path.startsWith("../") && !isAbsolute(path) && !path.includes("\0")) return path;
    throw invalid(
      join(root, name),
      `line ${line}: ${JSON.stringify(image.slice(0, 200))} leads out of the data set's folder, images must lie within`,
    );
  }
}

function imageNamed(name: string, { images, stems, smallImages }: Listing): string | undefined {
  if (images.has(name)) return name;
  return stems.get(name) ?? smallImages.get(name.toLowerCase());
}

async function listFolder(root: string, folder: string): Promise<Listing> {
  const path = join(root, folder);
  try {
    await placeWithin(path, root);
    const entries = await readdir(path, { withFileTypes: true });
    const areFolders = await inGroups(entries, (entry) =>
      entry.isSymbolicLink() ? hasFolder(root, posix.join(folder, entry.name)) : entry.isDirectory(),
    );
    const folders = entries.flatMap(({ name }, at) => (areFolders[at] ? [name] : []));
    const images = entries.map(({ name }) => name).filter(isReadImage);
    images.sort();
    return {
      images: new Set(images),
      stems: new Map(images.map((name) => [name.slice(0, -extname(name).length), name])),
      folders: new Set(folders),
      smallImages: bySmallLetters(images),
      smallFolders: bySmallLetters(folders),
    };
  } catch (error) {
    throw unreadable(path, error);
  }
}

function bySmallLetters(names: readonly string[]): Map<string, string | undefined> {
  const small = new Map<string, string | undefined>();
  for (const name of names) {
    const key = name.toLowerCase();
    small.set(key, small.has(key) ? undefined : name);
  }
  return small;
}

function invalid(where: string, what: string): AppError {
  return new AppError("data-invalid", `${where}: ${what}`);
}
