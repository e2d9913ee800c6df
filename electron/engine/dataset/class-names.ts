import { readFile } from "node:fs/promises";
import { AppError } from "../../../shared/errors.ts";
import type { NpyArray } from "./npy.ts";
import { isMissing, unreadable } from "./paths.ts";

/** More classes than any image classifier has: a larger label is a wrong array. */
const MOST_CLASSES = 65_536;

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

/**
 * Takes labels as they come, as whole numbers from 0.
 * @param labels shape [n] or [n x 1]
 * @throws AppError 'data-invalid' naming the first label that is no class number
 */
export function labelsOf(labels: NpyArray, where: string): Int32Array {
  const { shape, data } = labels;
  if (!(shape.length === 1 || (shape.length === 2 && shape[1] === 1))) {
    throw new AppError(
      "data-invalid",
      `${where}: labels have shape [${shape.join(", ")}], expected [n] or [n, 1]: save class numbers, not one-hot rows`,
    );
  }
  const classes = Int32Array.from(data as ArrayLike<number | bigint>, Number);
  const wrong = classes.findIndex(
    (label, index) => label < 0 || label >= MOST_CLASSES || label !== Number(data[index]),
  );
  if (wrong >= 0) {
    throw new AppError(
      "data-invalid",
      `${where}[${wrong}]: label is ${data[wrong]}, expected a whole number from 0`,
    );
  }
  return classes;
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
