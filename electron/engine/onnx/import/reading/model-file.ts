import { constants, type Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename, dirname, extname } from "node:path";
import { AppError } from "../../../../../shared/base/errors.ts";

/** The most that a protobuf, and so a model that ONNX Runtime takes from memory, can hold. */
export const maximumModelBytes = 2 ** 31 - 1;

export interface ModelFile {
  /** The file's name as messages quote it. */
  readonly where: string;
  /** The file's name without `.onnx`. */
  readonly name: string;
  /** The only folder that its external data may lie in. */
  readonly folder: string;
  readonly bytes: Uint8Array;
}

interface Signature {
  readonly at: number;
  readonly bytes: string;
  readonly what: string;
}

/** Files that people mistake for ONNX, by the bytes that they start with (Latin-1). */
const signatures: readonly Signature[] = [
  { at: 0, bytes: "\x89PNG", what: "a PNG image" },
  { at: 0, bytes: "\xff\xd8\xff", what: "a JPEG image" },
  { at: 0, bytes: "PK\x03\x04", what: "a ZIP archive (PyTorch checkpoints are such files)" },
  { at: 0, bytes: "\x89HDF", what: "an HDF5 file (Keras saves such files)" },
  { at: 0, bytes: "\x80\x02", what: "a Python pickle (an old PyTorch checkpoint)" },
  { at: 0, bytes: "\x80\x04", what: "a Python pickle" },
  { at: 0, bytes: "GGUF", what: "a GGUF language model" },
  { at: 4, bytes: "TFL3", what: "a TensorFlow Lite model" },
  { at: 4, bytes: "ORTM", what: "a model in ONNX Runtime's own ORT format" },
  { at: 8, bytes: '{"', what: "a safetensors file, which holds weights without a graph" },
  {
    at: 0,
    bytes: "version https://git-lfs",
    what: "a Git LFS pointer; fetch the real file with `git lfs pull`",
  },
  { at: 0, bytes: "<", what: "an XML or HTML page, perhaps a failed download" },
];

/**
 * Reads a model file whole.
 * @throws AppError 'file-not-found', 'file-unreadable' (folder, no permission, empty), 'model-unsupported'
 *   (over 2 GB), 'model-invalid' (plainly another kind of file)
 */
export async function readModelFile(path: string): Promise<ModelFile> {
  const where = basename(path);
  // Before it is opened, for a message: not everything can be. And after, for it may be another by then.
  checkStatus(await stat(path).catch((cause) => rethrow(cause, path)), path);
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((cause) =>
    rethrow(cause, path),
  );
  let bytes: Buffer;
  try {
    checkStatus(await file.stat(), path);
    bytes = await file.readFile().catch((cause) => rethrow(cause, path));
  } finally {
    await file.close();
  }
  const what = recognise(bytes);
  if (what)
    throw new AppError(
      "model-invalid",
      `${where} is not an ONNX model: it is ${what}; open the model's .onnx export`,
    );
  return { where, name: basename(path, extname(path)), folder: dirname(path), bytes: plain(bytes) };
}

function checkStatus(status: Stats, path: string): void {
  if (status.isDirectory())
    throw new AppError(
      "file-unreadable",
      `${path} is a folder; expected an ONNX file, such as ${path}/model.onnx`,
    );
  if (!status.isFile())
    throw new AppError("file-unreadable", `${path} is not a regular file; expected an ONNX file`);
  if (status.size === 0)
    throw new AppError("file-unreadable", `${path} is empty (0 bytes); expected an ONNX file`);
  if (status.size > maximumModelBytes)
    throw new AppError(
      "model-unsupported",
      `${basename(path)} is larger than 2 GB, the most that one ONNX file can hold`,
    );
}

/** Tensors cut from a Buffer would be Buffers, whose `slice` doesn't copy. */
function plain({ buffer, byteOffset, byteLength }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function recognise(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 32).toString("latin1");
  return signatures.find(({ at, bytes: expected }) => start.startsWith(expected, at))?.what;
}

function rethrow(cause: NodeJS.ErrnoException, path: string): never {
  if (cause.code === "ENOENT" || cause.code === "ENOTDIR")
    throw new AppError("file-not-found", `${path} does not exist; expected an ONNX file`, {}, { cause });
  throw new AppError("file-unreadable", `${path} can't be read: ${cause.message}`, {}, { cause });
}
