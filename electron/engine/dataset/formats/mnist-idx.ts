import { join } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";
import { readRegularFile } from "../../../disk/regular-file.ts";
import { type ByteRange, type OpenFiles, readBytes, subRange, withOpenFiles } from "../../base/byte-range.ts";
import { filesIn, pathKind } from "../../base/paths.ts";
import { unpackedRange, unpackHead } from "../../base/unpack.ts";
import { type ArrayPart, arraySource } from "../arrays/array-source.ts";
import { rowsOf } from "../arrays/rows.ts";
import { checkImageCount, type DatasetFormat, type PartName } from "../dataset-source.ts";

/**
 * MNIST's own files and those of its relatives (Fashion-MNIST, KMNIST, EMNIST with its longer names), packed or not.
 * @see http://yann.lecun.com/exdb/mnist/
 * @see https://www.nist.gov/itl/products-and-services/emnist-dataset
 */
export const mnistIdxFormat: DatasetFormat = {
  id: "mnist-idx",
  title: "MNIST idx files",
  layout:
    "a folder of MNIST idx files (train-images-idx3-ubyte and train-labels-idx1-ubyte, t10k- likewise, or .gz)",
  detect: async (path) => (await pathKind(path)) === "folder" && (await findTitles(path)).size > 0,
  open: (path) =>
    withOpenFiles(path, async (open) => {
      const files: string[] = [];
      const parts: Partial<Record<PartName, ArrayPart>> = {};
      const { title, pairs } = await onlyTitle(path);
      for (const [part, pair] of pairs) {
        if (pair.images === undefined || pair.labels === undefined) {
          const missing = pair.images === undefined ? "images-idx3-ubyte" : "labels-idx1-ubyte";
          throw new AppError(
            "data-invalid",
            `${path}: has no ${part} ${missing} beside ${pair.images ?? pair.labels}`,
          );
        }
        const [images, labels] = [join(path, pair.images), join(path, pair.labels)];
        files.push(images, labels);
        parts[part] = await idxPart(await openIdx(images, 3, open), await openIdx(labels, 1, open));
      }
      const classNames = await readMapping(path, `${title}mapping.txt`);
      const notes = title.startsWith("emnist") ? [TRANSPOSED] : [];
      return arraySource({ path, format: mnistIdxFormat.id, classNames, parts, files, open, notes });
    }),
};

const TRANSPOSED =
  "EMNIST's files hold their images transposed; they are read as they are stored, as torchvision does, so the model " +
  "must have been trained on them like that";
const FILE_NAME = /^(.+-)?(train|t10k|test)-(images|labels)[-.]idx[13]-ubyte(\.gz)?$/;
/** Bytes that one unpacked .gz may take in memory. */
const GUNZIP_LIMIT = 2 ** 30;

/** A mapping has a short line for each of some dozen classes. */
const LONGEST_MAPPING = 2 ** 20;
/** Characters that one class stands for. */
const MOST_CODES = 64;

type IdxPair = { images?: string; labels?: string };

/** File names by what stands before the part, and by part; an unpacked file goes before its .gz. */
async function findTitles(path: string): Promise<Map<string, Map<PartName, IdxPair>>> {
  const titles = new Map<string, Map<PartName, IdxPair>>();
  for (const name of await filesIn(path, FILE_NAME)) {
    const match = FILE_NAME.exec(name);
    if (match === null) continue;
    const [, title = "", word, kind] = match;
    const part = word === "train" ? "train" : "test";
    const pairs = titles.get(title) ?? new Map<PartName, IdxPair>();
    const pair = pairs.get(part) ?? {};
    pair[kind as "images" | "labels"] ??= name;
    titles.set(title, pairs.set(part, pair));
  }
  return titles;
}

async function onlyTitle(path: string): Promise<{ title: string; pairs: Map<PartName, IdxPair> }> {
  const titles = await findTitles(path);
  const [found, ...others] = titles;
  if (found !== undefined && others.length === 0) return { title: found[0], pairs: found[1] };
  throw new AppError(
    "data-invalid",
    `${path}: holds the idx files of ${titles.size} data sets (${[...titles.keys()].join(", ")}): ` +
      "put those of one into a folder of their own",
  );
}

/** EMNIST's names of classes: a line with the label and the codes of the characters that it stands for. */
async function readMapping(folder: string, name: string): Promise<string[] | undefined> {
  const path = join(folder, name);
  if ((await pathKind(path)) !== "file") return undefined;
  return String(await readRegularFile(path, { within: folder, maxBytes: LONGEST_MAPPING }))
    .trimEnd()
    .split(/\r?\n/)
    .map((line, index) => {
      const codes = line.split(/\s+/).slice(1).map(Number);
      const areCodes = codes.every((code) => Number.isInteger(code) && code > 0 && code <= 0x10ffff);
      if (areCodes && codes.length > 0 && codes.length <= MOST_CODES) return String.fromCodePoint(...codes);
      throw new AppError(
        "data-invalid",
        `${path}: line ${index + 1} is "${line.slice(0, 60)}", expected a label and codes of characters, such as "1 65 97"`,
      );
    });
}

/** Unsigned bytes in some dimensions. */
interface Idx {
  readonly where: string;
  readonly shape: readonly number[];
  readonly items: ByteRange;
}

async function openIdx(path: string, dimensions: 1 | 3, open: OpenFiles): Promise<Idx> {
  const file = await open.open(path);
  const start = 4 + 4 * dimensions;
  const isPacked = path.endsWith(".gz");
  if (file.length < start)
    throw new AppError("data-invalid", `${path}: is ${file.length} bytes long, no idx file`);
  const header = isPacked ? await unpackHead(file, "gzip", start) : await readBytes(file, 0, start);
  const shape = readShape(path, new DataView(header.buffer), dimensions);
  const bytes = shape.reduce((product, size) => product * size, 1);
  const range = isPacked ? unpackedRange(file, "gzip", checkedLength(path, start + bytes)) : file;
  if (bytes === range.length - start) return { where: path, shape, items: subRange(range, start, bytes) };
  throw new AppError(
    "data-invalid",
    `${path}: claims ${shape.join(" x ")} bytes, but holds ${range.length - start}: is it cut short?`,
  );
}

function checkedLength(path: string, length: number): number {
  if (length <= GUNZIP_LIMIT) return length;
  throw new AppError(
    "data-invalid",
    `${path}: claims ${Math.ceil(length / 2 ** 20)} MiB, more than are unpacked in memory: unpack it with gunzip`,
  );
}

function readShape(path: string, header: DataView, dimensions: number): number[] {
  const magic = header.getUint32(0);
  if (magic === 0x800 + dimensions)
    return Array.from({ length: dimensions }, (_, axis) => header.getUint32(4 + 4 * axis));
  const [found, expected] = [magic, 0x800 + dimensions].map((word) => word.toString(16).padStart(8, "0"));
  throw new AppError(
    "data-invalid",
    `${path}: starts with 0x${found}, expected 0x${expected} (idx, unsigned bytes, ${dimensions} dimensions)`,
  );
}

async function idxPart(images: Idx, labels: Idx): Promise<ArrayPart> {
  const [count, height, width] = images.shape;
  if (height * width === 0)
    throw new AppError("data-invalid", `${images.where}: images are ${height}x${width}`);
  checkImageCount(labels.where, labels.shape[0]);
  return {
    imagesAt: images.where,
    labelsAt: labels.where,
    labels: Int32Array.from(await readBytes(labels.items, 0, labels.shape[0])),
    rows: rowsOf(images.items, height * width, count),
    decode: (row) => ({ width, height, channels: 1, data: row }),
  };
}
