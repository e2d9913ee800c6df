import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, posix, relative, sep } from "node:path";
import { AppError } from "../../../../../shared/base/errors.ts";
import { type TensorProto, TensorProto_DataLocation } from "../../gen/onnx_pb.ts";
import type { GraphModel } from "../../graph-model.ts";
import { modelTensors } from "../../model-tensors.ts";
import { tensorBytes } from "../../tensors.ts";
import { maximumModelBytes } from "./model-file.ts";

/**
 * Reads constants that a model keeps in files beside it into the model, so that ONNX Runtime never follows a
 * path. Only regular files inside the model's folder are read: a model is a stranger's, and such paths have
 * been used to read other people's files (CVE-2024-27318).
 * @param folder the model file's folder
 * @param where the model file's name, for messages
 * @returns the files' bytes in order of their paths, for hashing
 * @throws AppError 'model-invalid' if a path or range is not allowed, 'file-not-found', 'file-unreadable'
 */
export async function resolveExternalData(
  model: GraphModel,
  folder: string,
  where: string,
): Promise<Uint8Array[]> {
  const files = new Map<string, Uint8Array>();
  for (const { tensor, place } of modelTensors(model)) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) continue;
    const fields = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
    const location = checkedLocation(fields.get("location") ?? "", `${where}: ${place}`);
    const bytes = files.get(location) ?? (await readBeside(folder, location, where));
    files.set(location, bytes);
    inline(tensor, slice(bytes, fields, tensorBytes(tensor), `${where}: ${place}, in ${location},`));
  }
  return [...files.keys()].sort().map((location) => files.get(location)!);
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

async function readBeside(folder: string, location: string, where: string): Promise<Uint8Array> {
  const path = join(folder, location);
  await checkInside(folder, path, where);
  // Neither follows a link put in its place since the check, nor hangs on a named pipe.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(path, flags).catch((cause) => rethrow(cause, path, where));
  try {
    return await readRegular(file, path, where);
  } finally {
    await file.close();
  }
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

async function readRegular(file: FileHandle, path: string, where: string): Promise<Uint8Array> {
  const status = await file.stat();
  if (!status.isFile())
    throw new AppError("model-invalid", `${where}: its data file ${path} is not a regular file`);
  if (status.size > maximumModelBytes)
    throw new AppError(
      "model-unsupported",
      `${where}: its data file ${path} is larger than 2 GB; use a smaller model or float16`,
    );
  const { buffer, byteOffset, byteLength } = await file.readFile();
  return new Uint8Array(buffer, byteOffset, byteLength);
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

function slice(
  bytes: Uint8Array,
  fields: ReadonlyMap<string, string>,
  needed: number,
  place: string,
): Uint8Array {
  const offset = checkedNumber(fields.get("offset") ?? "0", "offset", place);
  const length = checkedNumber(fields.get("length") ?? String(needed), "length", place);
  if (length !== needed)
    throw new AppError("model-invalid", `${place} has ${length} bytes, but its shape needs ${needed}`);
  if (offset + length > bytes.length)
    throw new AppError(
      "model-invalid",
      `${place} lies at bytes ${offset} to ${offset + length}, but the file has ${bytes.length}; the file may be cut short`,
    );
  return bytes.subarray(offset, offset + length);
}

function checkedNumber(text: string, field: string, place: string): number {
  if (!/^\d{1,15}$/.test(text))
    throw new AppError(
      "model-invalid",
      `${place} has ${field} ${JSON.stringify(text)}, expected a number of bytes`,
    );
  return Number(text);
}
