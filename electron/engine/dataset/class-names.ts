import { readFile } from "node:fs/promises";
import { AppError } from "../../../shared/errors.ts";
import { isMissing, unreadable } from "./paths.ts";

/**
 * Reads a file of class names, one a line in the order of the labels.
 * @returns undefined if there is no such file
 * @throws AppError 'data-invalid' if it is empty or names a class twice
 */
export async function readClassNames(path: string): Promise<string[] | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(path, error);
  }
  const names = text
    .trimEnd()
    .split(/\r?\n/)
    .map((name) => name.trim());
  const empty = names.indexOf("");
  if (empty >= 0)
    throw new AppError("data-invalid", `${path}: line ${empty + 1} is empty, expected a class name`);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new AppError("data-invalid", `${path}: names the class "${twice}" twice`);
  return names;
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
