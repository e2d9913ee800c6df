import type { FileHandle } from "node:fs/promises";
import { AppError } from "../../../shared/base/errors.ts";
import { unreadable } from "../../disk/disk-error.ts";
import { openRegularFile, readFully } from "../../disk/regular-file.ts";
import { pathKind } from "./paths.ts";

/** Bytes that are read by position: a file, a stretch of one, or memory. */
export interface ByteRange {
  /** What the bytes are, for error messages: a path, or a path and a member. */
  readonly where: string;
  readonly length: number;
  /**
   * Fills `into` with the bytes from `start` on.
   * @throws AppError 'file-unreadable' if the range ends before `into` is full
   */
  read(start: number, into: Uint8Array): Promise<void>;
}

export function memoryRange(where: string, bytes: Uint8Array): ByteRange {
  return {
    where,
    length: bytes.length,
    read: async (start, into) => {
      if (start + into.length > bytes.length) throw endsEarly(where, start + into.length, bytes.length);
      into.set(bytes.subarray(start, start + into.length));
    },
  };
}

/** A stretch of `range` as a range of its own. */
export function subRange(range: ByteRange, start: number, length: number, where = range.where): ByteRange {
  if (start + length > range.length) throw endsEarly(where, start + length, range.length);
  return {
    where,
    length,
    read: async (offset, into) => {
      if (offset + into.length > length) throw endsEarly(where, offset + into.length, length);
      await range.read(start + offset, into);
    },
  };
}

/** The bytes [start, start + length) as an array of their own. */
export async function readBytes(range: ByteRange, start: number, length: number): Promise<Uint8Array> {
  const into = new Uint8Array(length);
  await range.read(start, into);
  return into;
}

/** Files that a data set keeps open to read rows on demand; closed together. */
export class OpenFiles {
  readonly #handles: FileHandle[] = [];
  readonly #within: string | undefined;

  /** @param within the folder that all of them must lie in, links followed; absent for a file that a person named */
  constructor(within?: string) {
    this.#within = within;
  }

  /** @throws AppError 'file-not-found' or 'file-unreadable' */
  async open(path: string): Promise<ByteRange> {
    const { handle, bytes } = await openRegularFile(path, { within: this.#within });
    this.#handles.push(handle);
    const read = async (start: number, into: Uint8Array) => {
      await readFully(handle, path, start, into).catch((error) => {
        throw unreadable(path, error);
      });
    };
    const range = { where: path, length: bytes, read };
    if (bytes <= LONGEST_POINTER) await refusePointer(range);
    return range;
  }

  async close(): Promise<void> {
    await Promise.all(this.#handles.splice(0).map((handle) => handle.close()));
  }
}

/**
 * Runs `use` with a fresh set of files and closes them if it fails; on success they belong to its result.
 * @param path what a person chose; what lies in it, where it is a folder, must not lead out of it
 */
export async function withOpenFiles<T>(path: string, use: (files: OpenFiles) => Promise<T>): Promise<T> {
  const files = new OpenFiles((await pathKind(path)) === "folder" ? path : undefined);
  try {
    return await use(files);
  } catch (error) {
    await files.close();
    throw error;
  }
}

const POINTER_START = "version https://git-lfs.github.com/spec/";
const LONGEST_POINTER = 1024;

/** What to say of a Git LFS pointer. */
export const lfsPointerReason =
  "is a Git LFS pointer, not the file itself: run `git lfs pull` in the repository that it came with";

/**
 * Whether bytes are what Git leaves in place of a large file that wasn't fetched.
 * @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 */
export function isLfsPointer(bytes: Uint8Array): boolean {
  return (
    bytes.length <= LONGEST_POINTER &&
    Buffer.from(bytes.subarray(0, POINTER_START.length)).toString("latin1") === POINTER_START
  );
}

async function refusePointer(range: ByteRange): Promise<void> {
  const { where: path } = range;
  if (isLfsPointer(await readBytes(range, 0, range.length)))
    throw new AppError("data-invalid", `${path}: ${lfsPointerReason}`, { path });
}

function endsEarly(where: string, wanted: number, found: number): AppError {
  return new AppError(
    "file-unreadable",
    `${where}: ends at byte ${found}, expected at least ${wanted} bytes`,
  );
}
