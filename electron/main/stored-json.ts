import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { z } from "zod";
import { unwritable } from "./disk-reason.ts";

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
 * Replaces a small file of ours, whole or not at all, even if the app is killed meanwhile.
 * @throws AppError 'output-unwritable'
 */
export function writeStored(path: string, value: unknown): void {
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(draft, `${JSON.stringify(value)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  } catch (cause) {
    if (existsSync(draft)) rmSync(draft);
    throw unwritable(path, cause);
  }
}
