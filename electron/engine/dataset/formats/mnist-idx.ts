import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { AppError } from "../../../../shared/base/errors.ts";
import { readRegularFile } from "../../../disk/regular-file.ts";
import {
  type ByteRange,
  memoryRange,
  type OpenFiles,
  readBytes,
  subRange,
  withOpenFiles,
} from "../../base/byte-range.ts";
import { filesIn, pathKind } from "../../base/paths.ts";
import { type ArrayPart, arraySource } from "../arrays/array-source.ts";
import { rowsOf } from "../arrays/rows.ts";
import type { DatasetFormat, PartName } from "../dataset-source.ts";

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
        parts[part] = await idxPart(await openIdx(images, open), await openIdx(labels, open));
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
const GUNZIP_LIMIT = 1.5 * 2 ** 30;

/** A mapping has a short line for each of some dozen classes. */
const LONGEST_MAPPING = 2 ** 20;
/** Characters that one class stands for. */
const MOST_CODES = 64;

type IdxPair = { images?: string; labels?: string };

/** File names by what stands before the part, and by part; an unpacked file goes before its .gz. */
async function findTitles(path: string): Promise<Map<string, Map<PartName, IdxPair>>> {
  const titles = new Map<string, Map<PartName, IdxPair>>();
  for (const name of await filesIn(path)) {
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

async function openIdx(path: string, open: OpenFiles): Promise<ByteRange> {
  const file = await open.open(path);
  if (!path.endsWith(".gz")) return file;
  if (file.length > GUNZIP_LIMIT) throw new AppError("data-invalid", `${path}: is too large; unpack it`);
  const packed = await readBytes(file, 0, file.length);
  try {
    return memoryRange(path, await promisify(gunzip)(packed, { maxOutputLength: GUNZIP_LIMIT }));
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw new AppError(
      "data-invalid",
      `${path}: can't be unpacked (${error.message}); unpack it with gunzip`,
      {},
      {
        cause: error,
      },
    );
  }
}

function isZlibError(error: unknown): error is Error {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return error instanceof Error && (code.startsWith("Z_") || code === "ERR_BUFFER_TOO_LARGE");
}

async function idxPart(imageFile: ByteRange, labelFile: ByteRange): Promise<ArrayPart> {
  const images = await readIdxHeader(imageFile, 3);
  const labels = await readIdxHeader(labelFile, 1);
  const [count, height, width] = images.shape;
  if (height * width === 0)
    throw new AppError("data-invalid", `${imageFile.where}: images are ${height}x${width}`);
  return {
    imagesAt: imageFile.where,
    labelsAt: labelFile.where,
    labels: Int32Array.from(await readBytes(labels.items, 0, labels.shape[0])),
    rows: rowsOf(images.items, height * width, count),
    decode: (row) => ({ width, height, channels: 1, data: row }),
  };
}

/** Reads the header of unsigned bytes in `dimensions` dimensions and checks it against the file's length. */
async function readIdxHeader(
  file: ByteRange,
  dimensions: 1 | 3,
): Promise<{ shape: number[]; items: ByteRange }> {
  const start = 4 + 4 * dimensions;
  if (file.length < start)
    throw new AppError("data-invalid", `${file.where}: is ${file.length} bytes long, no idx file`);
  const view = new DataView((await readBytes(file, 0, start)).buffer);
  const magic = view.getUint32(0);
  if (magic !== 0x800 + dimensions) {
    throw new AppError(
      "data-invalid",
      `${file.where}: starts with 0x${magic.toString(16).padStart(8, "0")}, expected 0x${(0x800 + dimensions).toString(16).padStart(8, "0")} (idx, unsigned bytes, ${dimensions} dimensions)`,
    );
  }
  const shape = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
  const bytes = shape.reduce((product, size) => product * size, 1);
  if (bytes !== file.length - start) {
    throw new AppError(
      "data-invalid",
      `${file.where}: claims ${shape.join(" x ")} bytes, but holds ${file.length - start}: is it cut short?`,
    );
  }
  return { shape, items: subRange(file, start, bytes) };
}
