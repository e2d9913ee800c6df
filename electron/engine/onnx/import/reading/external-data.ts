import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, posix, relative, sep } from "node:path";
import { AppError } from "../../../../../shared/base/errors.ts";
import type { Job } from "../../../../../shared/base/job.ts";
import { type TensorProto, TensorProto_DataLocation } from "../../gen/onnx_pb.ts";
import type { GraphModel } from "../../graph-model.ts";
import { modelTensors } from "../../model-tensors.ts";
import { tensorBytes } from "../../tensors.ts";
import { maximumModelBytes } from "./model-file.ts";

/** Some exporters write a file for each constant. */
const mostFiles = 10_000;
/** What constants may share of their files: the model that ONNX Runtime gets holds it once for each of them. */
const mostSharedBytes = 256e6;
const chunkBytes = 4 * 2 ** 20;

/** Where a constant's data lies. */
interface Piece {
  readonly tensor: TensorProto;
  readonly offset: number;
  readonly length: number;
  /** As messages say it. */
  readonly place: string;
}

/**
 * Reads constants that a model keeps in files beside it into the model, so that ONNX Runtime never follows a
 * path. Only regular files inside the model's folder are read: a model is a stranger's, and such paths have
 * been used to read other people's files (CVE-2024-27318). Of each file that is kept which a constant needs.
 * @param folder the model file's folder
 * @param where the model file's name, for messages
 * @param hash gets the files' bytes in order of their paths
 * @throws AppError 'model-invalid' if a path or range is not allowed, 'model-unsupported' if all of it is too much,
 *   'file-not-found', 'file-unreadable', 'cancelled'
 */
export async function resolveExternalData(
  model: GraphModel,
  folder: string,
  where: string,
  hash: { update(bytes: Uint8Array): unknown },
  job: Job,
): Promise<void> {
  const files = piecesByFile(model, where);
  if (files.size > mostFiles)
    throw new AppError(
      "model-unsupported",
      `${where} keeps its data in ${files.size} files, expected up to ${mostFiles}; save it in one`,
    );
  let bytesLeft = maximumModelBytes;
  for (const [location, pieces] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const file = await openBeside(folder, location, where);
    try {
      const size = await regularSize(file, join(folder, location), where, bytesLeft);
      bytesLeft -= size;
      const ranges = rangesOf(pieces, size, where);
      await readRanges(file, ranges, size, pieces[0].place, hash, job);
      for (const piece of pieces) inline(piece.tensor, ranges.get(rangeKey(piece))!.bytes);
    } finally {
      await file.close();
    }
  }
}

function piecesByFile(model: GraphModel, where: string): Map<string, Piece[]> {
  const files = new Map<string, Piece[]>();
  for (const { tensor, place } of modelTensors(model)) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) continue;
    const fields = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
    const location = checkedLocation(fields.get("location") ?? "", `${where}: ${place}`);
    const piece = pieceOf(tensor, fields, `${where}: ${place}, in ${location},`);
    const pieces = files.get(location);
    if (pieces) pieces.push(piece);
    else files.set(location, [piece]);
  }
  return files;
}

function inline(tensor: TensorProto, bytes: Uint8Array): void {
  tensor.rawData = bytes;
  tensor.externalData = [];
  tensor.dataLocation = TensorProto_DataLocation.DEFAULT;
}

/** A relative path of plain names, normalised. */
function checkedLocation(location: string, place: string): string {
  const refuse = (why: string): never => {
    throw new AppError(
      "model-invalid",
      `${place} wants its data from ${JSON.stringify(location)}, ${why}; expected a file in the model's folder`,
    );
  };
  if (location === "") refuse("which is no path");
  if (/[\0\\:*?]/.test(location)) refuse("which has a forbidden character");
  if (isAbsolute(location) || posix.isAbsolute(location)) refuse("which is absolute");
  if (location.split("/").includes("..")) refuse("which leads out of the folder");
  return posix.normalize(location);
}

async function openBeside(folder: string, location: string, where: string): Promise<FileHandle> {
  const path = join(folder, location);
  await checkInside(folder, path, where);
  // Neither follows a link put in its place since the check, nor hangs on a named pipe.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  return open(path, flags).catch((cause) => rethrow(cause, path, where));
}

/** The file's folder, with links followed, must be the model's or inside it. */
async function checkInside(folder: string, path: string, where: string): Promise<void> {
  const root = await realpath(folder);
  const parent = await realpath(dirname(path)).catch((cause) => rethrow(cause, path, where));
  const way = relative(root, parent);
  if (way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way))
    throw new AppError(
      "model-invalid",
      `${where}: its data file ${path} leads out of the model's folder through a link`,
    );
}

/** Of a file that is mostly holes an eighth may be written; smaller ones take little however empty. */
const leastWritten = 1 / 8;
const smallBytes = 64e6;

/** @returns the file's bytes, if it is one that may be read */
async function regularSize(
  file: FileHandle,
  path: string,
  where: string,
  bytesLeft: number,
): Promise<number> {
  const status = await file.stat();
  if (!status.isFile())
    throw new AppError("model-invalid", `${where}: its data file ${path} is not a regular file`);
  if (status.size > bytesLeft)
    throw new AppError(
      "model-unsupported",
      `${where}: with its data file ${path} its data is larger than 2 GB; use a smaller model or float16`,
    );
  // Windows says nothing of blocks.
  const written = (status.blocks ?? Number.POSITIVE_INFINITY) * 512;
  if (status.size > smallBytes && written < leastWritten * status.size)
    throw new AppError(
      "model-invalid",
      `${where}: of its data file ${path} only ${Math.round(written / 1e6)} of ${Math.round(status.size / 1e6)} MB ` +
        "were ever written; copy it again",
    );
  return status.size;
}

/** A part of a file that is kept, whole once the file has been read. */
interface Range {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

function rangeKey({ offset, length }: Piece): string {
  return `${offset}+${length}`;
}

/** The ranges that pieces want, each once, in order. */
function rangesOf(pieces: readonly Piece[], size: number, where: string): Map<string, Range> {
  const wanted = new Map(pieces.map((piece) => [rangeKey(piece), piece]));
  let total = 0;
  for (const { offset, length, place } of pieces) {
    total += length;
    if (offset + length > size)
      throw new AppError(
        "model-invalid",
        `${place} lies at bytes ${offset} to ${offset + length}, but the file has ${size}; the file may be cut short`,
      );
  }
  if (total > size + mostSharedBytes)
    throw new AppError(
      "model-unsupported",
      `${where}: its constants share their data so much that ${Math.round(total / 1e6)} MB would come of a file of ` +
        `${Math.round(size / 1e6)}; save each with data of its own`,
    );
  const inOrder = [...wanted].sort(([, a], [, b]) => a.offset - b.offset);
  return new Map(
    inOrder.map(([key, { offset, length }]) => [key, { offset, bytes: new Uint8Array(length) }]),
  );
}

/** Reads a file once, from front to back, and keeps what lies in the ranges. */
async function readRanges(
  file: FileHandle,
  ranges: ReadonlyMap<string, Range>,
  size: number,
  place: string,
  hash: { update(bytes: Uint8Array): unknown },
  job: Job,
): Promise<void> {
  const chunk = new Uint8Array(Math.min(chunkBytes, size));
  let open = [...ranges.values()];
  for (let start = 0; start < size; ) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, size - start), start);
    if (bytesRead === 0)
      throw new AppError("file-unreadable", `${place} got shorter while it was read; try again`);
    const read = chunk.subarray(0, bytesRead);
    hash.update(read);
    const end = start + bytesRead;
    for (const range of open) {
      if (range.offset >= end) break;
      copyOverlap(read, start, range);
    }
    open = open.filter(({ offset, bytes }) => offset + bytes.length > end);
    start = end;
    await job.pause();
  }
}

function copyOverlap(read: Uint8Array, start: number, { offset, bytes }: Range): void {
  const from = Math.max(start, offset);
  const to = Math.min(start + read.length, offset + bytes.length);
  if (from < to) bytes.set(read.subarray(from - start, to - start), from - offset);
}

function rethrow(cause: NodeJS.ErrnoException, path: string, where: string): never {
  if (cause.code === "ENOENT")
    throw new AppError(
      "file-not-found",
      `${where}: its data file ${path} is missing; put it beside the model`,
      {},
      { cause },
    );
  if (cause.code === "ELOOP")
    throw new AppError(
      "model-invalid",
      `${where}: its data file ${path} is a link; put the file itself there`,
      {},
      { cause },
    );
  throw new AppError(
    "file-unreadable",
    `${where}: its data file ${path} can't be read: ${cause.message}`,
    {},
    { cause },
  );
}

function pieceOf(tensor: TensorProto, fields: ReadonlyMap<string, string>, place: string): Piece {
  const needed = tensorBytes(tensor);
  const offset = checkedNumber(fields.get("offset") ?? "0", "offset", place);
  const length = checkedNumber(fields.get("length") ?? String(needed), "length", place);
  if (length !== needed)
    throw new AppError("model-invalid", `${place} has ${length} bytes, but its shape needs ${needed}`);
  return { tensor, offset, length, place };
}

function checkedNumber(text: string, field: string, place: string): number {
  if (!/^\d{1,15}$/.test(text))
    throw new AppError(
      "model-invalid",
      `${place} has ${field} ${JSON.stringify(text)}, expected a number of bytes`,
    );
  return Number(text);
}
