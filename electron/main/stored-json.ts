import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import type { z } from "zod";
import { AppError } from "../../shared/base/errors.ts";
import { writeOwnFileAtomically } from "../disk/write-file.ts";

/** Room for settings, recent files and the window's place, many times over. */
const maxBytes = 2 ** 20;

/**
 * @param most so many bytes at most
 * @returns what a small file of ours holds; undefined if it isn't there, is no file, is too large or is damaged
 */
export function readStored<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  most = maxBytes,
): z.output<Schema> | undefined {
  try {
    return schema.parse(JSON.parse(readSmallFile(path, most)));
  } catch {
    return undefined;
  }
}

/**
 * Replaces a small file of ours.
 * @throws AppError 'output-unwritable', also if it would be larger than what is read again
 */
export function writeStored(path: string, value: unknown, most = maxBytes): void {
  const text = `${JSON.stringify(value)}\n`;
  if (Buffer.byteLength(text) > most)
    throw new AppError(
      "output-unwritable",
      `${path}: not kept, since it would be larger than ${most} bytes`,
      { path },
    );
  writeOwnFileAtomically(path, text);
}

/** Doesn't wait for the other end of a pipe that lies in its place. */
function readSmallFile(path: string, most: number): string {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const info = fstatSync(file);
    if (!info.isFile() || info.size > most) throw new Error(`${path} is no small file`);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}
