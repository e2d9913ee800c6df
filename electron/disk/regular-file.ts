import { constants, type Stats } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import { AppError } from "../../shared/base/errors.ts";
import { unreadable } from "./disk-error.ts";

/** What is asked of a file before it is read. */
export interface FileLimits {
  /**
   * The folder that it must lie in, links followed: where a file or a folder names it, rather than a person, who may keep
   * things wherever they like.
   */
  readonly within?: string;
  /** Bytes that it may have; none are read of a larger one. */
  readonly maxBytes?: number;
}

/** A file that is open for reading. Whoever opens it closes its handle. */
export interface RegularFile {
  readonly handle: FileHandle;
  readonly bytes: number;
  /** Since the epoch, when it was last changed. */
  readonly changedMs: number;
}

/**
 * Opens a file that somebody else may have put there: only one of the disk, so that nothing waits for a pipe to be written
 * to or reads a device that never ends.
 * @throws AppError 'file-not-found'; 'file-unreadable' if it is no file, is too large, or lies outside of `within`
 */
export async function openRegularFile(path: string, limits: FileLimits = {}): Promise<RegularFile> {
  const { within, maxBytes = Number.POSITIVE_INFINITY } = limits;
  let handle: FileHandle | undefined;
  try {
    // A link that is put in its place after the check isn't followed; opening a pipe would wait for somebody to write.
    const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
    handle =
      within === undefined
        ? await open(path, flags)
        : await open(await placeWithin(path, within), flags | (constants.O_NOFOLLOW ?? 0));
    const stats = await handle.stat();
    if (!stats.isFile()) throw refused(path, `is ${kindOf(stats)}, expected a file`);
    if (stats.size > maxBytes)
      throw refused(path, `takes ${mebibytes(stats.size)} MiB, expected at most ${mebibytes(maxBytes)} MiB`);
    return { handle, bytes: stats.size, changedMs: stats.mtimeMs };
  } catch (error) {
    await handle?.close();
    throw unreadable(path, error);
  }
}

/**
 * Reads a file whole, as `openRegularFile` opens it.
 * @param limits `maxBytes` is what such a file may reasonably have
 */
export async function readRegularFile(
  path: string,
  limits: FileLimits & { readonly maxBytes: number },
): Promise<Buffer<ArrayBuffer>> {
  const { handle, bytes } = await openRegularFile(path, limits);
  try {
    const content = Buffer.alloc(bytes);
    await readFully(handle, path, 0, content);
    return content;
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    await handle.close();
  }
}

/** Fills `into` from byte `start` on. @throws AppError 'file-unreadable' if the file ends before that */
export async function readFully(
  handle: FileHandle,
  path: string,
  start: number,
  into: Uint8Array,
): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await handle.read(into, done, into.length - done, start + done);
    if (bytesRead === 0)
      throw refused(path, `ends at byte ${start + done}, expected at least ${start + into.length} bytes`);
    done += bytesRead;
  }
}

/**
 * Where a path leads in the end.
 * @param folder that it must lie in, links followed; or itself
 * @param real where the folder itself leads, for those who ask about many paths
 * @throws AppError 'file-unreadable' if it leads out of the folder, and what `realpath` throws
 */
export async function placeWithin(path: string, folder: string, real?: string): Promise<string> {
  const [place, root] = [await realpath(path), real ?? (await realpath(folder))];
  const way = relative(root, place);
  if (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return place;
  throw refused(
    path,
    `leads out of ${folder}: put the files themselves there, or open the folder that they are in`,
  );
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  return stats.isSocket() ? "a socket" : "a device or a pipe";
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}

function refused(path: string, what: string): AppError {
  return new AppError("file-unreadable", `${path}: ${what}`, { path });
}
