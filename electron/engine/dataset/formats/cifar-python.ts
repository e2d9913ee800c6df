import { join } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import { MAX_CLASSES } from "../../../../shared/model/class-list.ts";
import {
  type ByteRange,
  memoryRange,
  type OpenFiles,
  readBytes,
  subRange,
  withOpenFiles,
} from "../../base/byte-range.ts";
import { type NpyType, npyItems } from "../../base/npy.ts";
import { filesIn, pathKind } from "../../base/paths.ts";
import { type ArrayPart, arraySource, interleave } from "../arrays/array-source.ts";
import { concatRows, type Rows, rowsOf } from "../arrays/rows.ts";
import { classNumbers, joined } from "../classes/labels.ts";
import type { DatasetFormat, PartName } from "../dataset-source.ts";
import { type Pickled, pickledArray, pickledWord, unpickle } from "../files/unpickle.ts";
import { CIFAR_10_CLASSES } from "./cifar.ts";

const FILE_NAME = /^(data_batch_\d+|test_batch|batches\.meta|train|test|meta)$/;

/**
 * CIFAR-10 and CIFAR-100 in their Python version: pickles of `data` [n, 3072], three planes of bytes a row, and `labels`
 * (CIFAR-100: `fine_labels`). They are read without running anything in them.
 * @see https://www.cs.toronto.edu/~kriz/cifar.html
 */
export const cifarPythonFormat: DatasetFormat = {
  id: "cifar-python",
  title: "CIFAR Python files",
  layout: "a folder of CIFAR's Python files (data_batch_1 to test_batch, or train, test and meta)",
  detect: async (path) => (await pathKind(path)) === "folder" && (await findVariant(path)) !== undefined,
  open: (path, job) =>
    withOpenFiles(path, async (open) => {
      const variant = await findVariant(path);
      if (variant === undefined) throw invalid(path, "holds no CIFAR files");
      const parts: Partial<Record<PartName, ArrayPart>> = {};
      const files = [...variant.names.values()].flat().map((name) => join(path, name));
      for (const [part, names] of variant.names) parts[part] = await batchesPart(path, names, open, job);
      const classNames = await readNames(path, variant.meta, open);
      return arraySource({ path, format: cifarPythonFormat.id, classNames, parts, files, open });
    }),
};

interface Variant {
  readonly names: ReadonlyMap<PartName, readonly string[]>;
  /** The file of class names, where there is one. */
  readonly meta: string | undefined;
}

async function findVariant(path: string): Promise<Variant | undefined> {
  const files = await filesIn(path, FILE_NAME);
  const has = (name: string) => files.includes(name);
  const metaOf = (name: string) => (has(name) ? name : undefined);
  const batches = files.filter((name) => /^data_batch_\d+$/.test(name));
  if (batches.length > 0) {
    const names = new Map<PartName, readonly string[]>([["train", batches]]);
    if (has("test_batch")) names.set("test", ["test_batch"]);
    return { names, meta: metaOf("batches.meta") };
  }
  if (!has("train") || !has("test") || !has("meta")) return undefined;
  const names = new Map<PartName, readonly string[]>(
    (["train", "test"] as const).map((name) => [name, [name]]),
  );
  return { names, meta: "meta" };
}

async function batchesPart(
  path: string,
  names: readonly string[],
  open: OpenFiles,
  job: Job,
): Promise<ArrayPart> {
  const batches: Batch[] = [];
  for (const name of names) {
    batches.push(await readBatch(await open.open(join(path, name))));
    await job.pause();
  }
  const [{ side }] = batches;
  const different = batches.findIndex((batch) => batch.side !== side);
  if (different > 0)
    throw invalid(join(path, names[different]), `holds images of another size than ${names[0]}`);
  const where = join(path, names.length === 1 ? names[0] : `${names[0]} and ${names.length - 1} more`);
  return {
    imagesAt: where,
    labelsAt: where,
    labels: joined(batches.map(({ labels }) => labels)),
    rows: concatRows(batches.map(({ rows }) => rows)),
    decode: (row) => ({ width: side, height: side, channels: 3, data: interleave(row, 3) }),
  };
}

interface Batch {
  readonly labels: Int32Array;
  readonly rows: Rows;
  /** Pixels along each side of an image. */
  readonly side: number;
}

async function readBatch(file: ByteRange): Promise<Batch> {
  const { where } = file;
  const { fields, bytes } = await readFields(file);
  const stated = fields.get("fine_labels") ?? fields.get("labels");
  const data = pickledArray(fields.get("data"));
  if (fields.has("data") && data === undefined)
    throw invalid(where, "its data is no NumPy array: save it as one, of bytes [n, 3072]");
  if (stated === undefined || data === undefined)
    throw invalid(
      where,
      `holds ${[...fields.keys()].slice(0, 8).join(", ") || "nothing"}, expected data and labels`,
    );
  const [count = 0, ...others] = data.shape;
  const values = others.reduce((product, size) => product * size, 1);
  const side = Math.sqrt(values / 3);
  const isPlanar = others.length === 1 || (others.length === 3 && others[0] === 3);
  if (data.type !== "u1" || !isPlanar || !Number.isInteger(side) || side === 0)
    throw invalid(
      where,
      `its data has type "${data.type}" and shape [${data.shape.join(", ")}], expected bytes [n, 3072]`,
    );
  const labels = classNumbers(numbersOf(stated, where), where);
  return { labels, side, rows: rowsOf(itemsOf(data.bytes, bytes, file), values, count) };
}

/** Largest file that is read: CIFAR-100's takes 155 MB. */
const MAX_BYTES = 2 ** 28;

async function readFields(
  file: ByteRange,
): Promise<{ fields: ReadonlyMap<string, Pickled>; bytes: Uint8Array }> {
  if (file.length > MAX_BYTES) throw invalid(file.where, `is larger than ${MAX_BYTES / 2 ** 20} MiB`);
  const bytes = await readBytes(file, 0, file.length);
  const fields = unpickle(bytes, file.where);
  if (fields instanceof Map) return { fields, bytes };
  throw invalid(file.where, "holds no dictionary");
}

/** The images where they lie in the file, so that they needn't stay in memory; unless they had to be decoded. */
function itemsOf(items: Uint8Array, bytes: Uint8Array, file: ByteRange): ByteRange {
  if (items.buffer !== bytes.buffer) return memoryRange(file.where, items);
  return subRange(file, items.byteOffset - bytes.byteOffset, items.length);
}

const WHOLE_TYPES = new Set(["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8"]);

function numbersOf(labels: Pickled, where: string): ArrayLike<number | bigint> {
  const array = pickledArray(labels);
  if (array !== undefined && WHOLE_TYPES.has(array.type)) return npyItems(array.type as NpyType, array.bytes);
  if (Array.isArray(labels) && labels.every((label) => typeof label === "number")) return labels as number[];
  throw invalid(where, "its labels are no list of whole numbers");
}

async function readNames(
  path: string,
  meta: string | undefined,
  open: OpenFiles,
): Promise<readonly string[]> {
  if (meta === undefined) return CIFAR_10_CLASSES;
  const file = await open.open(join(path, meta));
  const { fields } = await readFields(file);
  const listed = fields.get("fine_label_names") ?? fields.get("label_names");
  const names = Array.isArray(listed) ? listed.slice(0, MAX_CLASSES + 1).map(pickledWord) : [];
  const areNames = names.every((name) => name !== undefined);
  if (areNames && names.length > 0 && names.length <= MAX_CLASSES) return names;
  throw invalid(file.where, "holds no list of label_names or fine_label_names");
}

function invalid(where: string, what: string): AppError {
  return new AppError("data-invalid", `${where}: ${what}`);
}
