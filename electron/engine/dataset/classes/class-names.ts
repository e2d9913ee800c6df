import { AppError } from "../../../../shared/base/errors.ts";
import { parseClassList } from "../../../../shared/model/class-list.ts";
import { readRegularFile } from "../../../disk/regular-file.ts";
import { decodeText } from "../files/decode-text.ts";

/** Bytes that a list of class names may take. */
const LONGEST_LIST = 16 * 2 ** 20;

/**
 * Reads a file of class names in the order of the labels, in any form that `parseClassList` knows.
 * @param within the folder that it must lie in, where no person named it
 * @returns undefined if there is no such file
 * @throws AppError 'file-unreadable', 'data-invalid' if it is empty, names a class twice, or isn't such a list
 */
export async function readClassNames(path: string, within?: string): Promise<readonly string[] | undefined> {
  const text = await readList(path, within);
  if (text === undefined) return undefined;
  const list = parseClassList(text);
  if ("fault" in list) throw new AppError("data-invalid", `${path}: ${list.fault}`);
  return list.names;
}

async function readList(path: string, within: string | undefined): Promise<string | undefined> {
  try {
    return decodeText(await readRegularFile(path, { within, maxBytes: LONGEST_LIST }));
  } catch (error) {
    if (error instanceof AppError && error.code === "file-not-found") return undefined;
    throw error;
  }
}

/** Names for classes that have none: their numbers, up to the largest label. */
export function numberedClasses(labels: readonly Int32Array[]): string[] {
  let largest = -1;
  for (const part of labels) for (const label of part) largest = Math.max(largest, label);
  return Array.from({ length: largest + 1 }, (_, label) => String(label));
}

/** @throws AppError 'data-invalid' naming the first label that has no class name */
export function checkLabels(labels: Int32Array, classes: number, where: string): void {
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong < 0) return;
  throw new AppError(
    "data-invalid",
    `${where}[${wrong}]: label is ${labels[wrong]}, but there are ${classes} class names (0 to ${classes - 1})`,
  );
}
