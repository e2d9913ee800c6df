import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";
import { makeScratchFolder, noScratch } from "../../../disk/scratch-folder.ts";

/** Where bytes lie in a spool. */
export interface Stretch {
  readonly start: number;
  readonly length: number;
}

/**
 * Bytes that were unpacked once and are read in any order: a file in the system's temporary folder, which disappears when
 * it is closed, or the process ends.
 */
export class CellSpool {
  #file: Promise<FileHandle> | undefined;
  #end = 0;

  /** @throws AppError 'output-unwritable' if the temporary folder can't be written to, or is full */
  async add(cells: readonly Uint8Array[]): Promise<Stretch[]> {
    const stretches: Stretch[] = [];
    const first = this.#end;
    for (const { length } of cells) {
      stretches.push({ start: this.#end, length });
      this.#end += length;
    }
    try {
      this.#file ??= temporaryFile();
      await writeAll(await this.#file, cells, first);
    } catch (error) {
      throw error instanceof AppError ? error : noScratch(error);
    }
    return stretches;
  }

  async read({ start, length }: Stretch): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    const file = await this.#file;
    for (let done = 0; done < length; ) {
      const { bytesRead } = await file!.read(bytes, done, length - done, start + done);
      if (bytesRead === 0) throw new Error("the temporary file ends early");
      done += bytesRead;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await (await this.#file)?.close();
  }
}

/** A file that no folder lists any more, so nothing is left of it however the process ends. */
async function temporaryFile(): Promise<FileHandle> {
  const folder = await makeScratchFolder("images");
  const file = await open(join(folder, "images"), "wx+");
  await rm(folder, { recursive: true, force: true });
  return file;
}

/** Bytes that are written at a time. */
const CHUNK_BYTES = 16 * 2 ** 20;

async function writeAll(file: FileHandle, cells: readonly Uint8Array[], start: number): Promise<void> {
  let at = start;
  let [waiting, bytes] = [[] as Uint8Array[], 0];
  const flush = async () => {
    const chunk = Buffer.concat(waiting);
    for (let done = 0; done < chunk.length; )
      done += (await file.write(chunk, done, chunk.length - done, at + done)).bytesWritten;
    at += chunk.length;
    [waiting, bytes] = [[], 0];
  };
  for (const cell of cells) {
    waiting.push(cell);
    bytes += cell.length;
    if (bytes >= CHUNK_BYTES) await flush();
  }
  await flush();
}
