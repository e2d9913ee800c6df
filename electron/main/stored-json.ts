import { readFileSync } from "node:fs";
import type { z } from "zod";
import { writeOwnFileAtomically } from "../disk/write-file.ts";

/** @returns what a small file of ours holds; undefined if it isn't there or is damaged */
export function readStored<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): z.output<Schema> | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

/**
 * Replaces a small file of ours.
 * @throws AppError 'output-unwritable'
 */
export function writeStored(path: string, value: unknown): void {
  writeOwnFileAtomically(path, `${JSON.stringify(value)}\n`);
}
