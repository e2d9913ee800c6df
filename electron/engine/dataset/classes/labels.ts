import { AppError } from "../../../../shared/base/errors.ts";
import { MAX_CLASSES } from "../../../../shared/model/class-list.ts";
import type { ByteRange } from "../../base/byte-range.ts";
import { type NpyData, npyChunks, readNpyHeader, readNpyText } from "../../base/npy.ts";
import { checkImageCount } from "../dataset-source.ts";
import { byCodePoint } from "./sort-names.ts";

/** Labels as a data set states them: by the class's number, or by its name. */
export type StatedLabels =
  | { readonly by: "number"; readonly labels: Int32Array }
  | { readonly by: "name"; readonly labels: readonly string[] };

/**
 * Reads labels from an array: class numbers [n] or [n, 1], names [n] or [n, 1], or one-hot rows [n, classes].
 * @throws AppError 'data-invalid' naming the first label that is none
 */
export async function readLabels(range: ByteRange): Promise<StatedLabels> {
  const { where } = range;
  const names = await readNpyText(range);
  if (names !== undefined) {
    if (isColumn(names.shape)) return { by: "name", labels: names.text };
    throw badShape(names.shape, where);
  }
  const header = await readNpyHeader(range);
  const { shape } = header;
  if (!isColumn(shape) && shape.length !== 2) throw badShape(shape, where);
  checkImageCount(where, shape[0]);
  const columns = shape[1] ?? 1;
  if (columns > MAX_CLASSES) throw badShape(shape, where);
  const labels = new Int32Array(shape[0]);
  for await (const { data, row } of npyChunks(range, header, Math.max(1, columns)))
    labels.set(isColumn(shape) ? classNumbers(data, where, row) : fromOneHot(data, columns, where, row), row);
  return { by: "number", labels };
}

/**
 * Takes values as class numbers.
 * @param first number of the first of them, for messages
 * @throws AppError 'data-invalid' naming the first that is no whole number from 0
 */
export function classNumbers(values: ArrayLike<number | bigint>, where: string, first = 0): Int32Array {
  const labels = Int32Array.from(values, Number);
  const wrong = labels.findIndex(
    (label, index) => label < 0 || label >= MAX_CLASSES || label !== Number(values[index]),
  );
  if (wrong < 0) return labels;
  throw invalid(
    `${where}[${first + wrong}]: label is ${values[wrong]}, expected a whole number from 0 to ${MAX_CLASSES - 1}`,
  );
}

/** Words that are kept: no more than there are classes. */
const MAX_KEPT = MAX_CLASSES;

/** @returns gives equal words as one, for labels are spelled alike again and again, and each takes memory once */
export function wordKeeper(): (word: string) => string {
  const kept = new Map<string, string>();
  return (word) => {
    const before = kept.get(word);
    if (before !== undefined) return before;
    if (kept.size < MAX_KEPT) kept.set(word, word);
    return word;
  };
}

/** Labels of several files as those of one. */
export function joined(labels: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(labels.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const some of labels) {
    all.set(some, start);
    start += some.length;
  }
  return all;
}

/** Labels of several parts by class number, and the classes that these number. */
export interface NumberedLabels<Part> {
  readonly labels: ReadonlyMap<Part, Int32Array>;
  /** Absent where labels are numbers and nothing names them. */
  readonly classNames?: readonly string[];
  /** Set where names are all that is known. */
  readonly classesSortedBy?: "code points";
}

/**
 * Numbers the classes of all parts alike: names as `listed` has them, else by code point.
 * @param listed the class names, if the data set lists them
 * @throws AppError 'data-invalid' if parts state labels in two ways, or a name isn't listed
 */
export function numberLabels<Part>(
  stated: ReadonlyMap<Part, StatedLabels>,
  listed: readonly string[] | undefined,
  where: string,
): NumberedLabels<Part> {
  const named = [...stated.values()].filter(({ by }) => by === "name");
  if (named.length === 0) return { labels: mapped(stated, numbersOf), classNames: listed };
  if (named.length < stated.size) throw invalid(`${where}: some labels are names, others are numbers`);
  const classNames = listed ?? namesOf(named);
  if (classNames.length > MAX_CLASSES)
    throw invalid(`${where}: its labels name ${classNames.length} classes, expected at most ${MAX_CLASSES}`);
  const numbers = new Map(classNames.map((name, index) => [name, index]));
  const numberOf = (name: string): number => {
    const number = numbers.get(name);
    if (number !== undefined) return number;
    throw invalid(
      `${where}: the label "${name}" isn't among the ${classNames.length} class names that are listed`,
    );
  };
  const toNumbers = (one: StatedLabels) => Int32Array.from(one.by === "name" ? one.labels.map(numberOf) : []);
  const order = listed ? {} : { classesSortedBy: "code points" as const };
  return { labels: mapped(stated, toNumbers), classNames, ...order };
}

/**
 * Parts whose labels count from 1, moved to 0.
 * @param parts by name
 * @returns undefined if they don't count from 1
 */
export function movedToZero<Part extends { readonly labels: Int32Array }>(
  parts: Readonly<Record<string, Part>>,
  classes: number,
): Record<string, Part> | undefined {
  const labels = Object.values(parts).map((part) => part.labels);
  if (!countFromOne(labels, classes)) return undefined;
  const moved = Object.entries(parts).map(([name, part]) => [
    name,
    { ...part, labels: part.labels.map((label) => label - 1) },
  ]);
  return Object.fromEntries(moved);
}

/**
 * The same for classes that are named, with a note where labels were moved; where names are absent, only the model says how
 * many classes there are.
 */
export function namedFromZero<Part extends { readonly labels: Int32Array }>(
  parts: Readonly<Record<string, Part>>,
  classNames: readonly string[] | undefined,
): { readonly parts: Readonly<Record<string, Part>>; readonly notes: readonly string[] } {
  const moved = classNames && movedToZero(parts, classNames.length);
  return moved ? { parts: moved, notes: [fromOneNote(classNames.length)] } : { parts, notes: [] };
}

/** Whether labels count from 1: the largest of them is the number of classes, and none is 0. */
function countFromOne(parts: readonly Int32Array[], classes: number): boolean {
  const largest = parts.reduce((max, labels) => labels.reduce((a, b) => Math.max(a, b), max), -1);
  return largest === classes && parts.every((labels) => !labels.includes(0));
}

/** The note for labels that counted from 1. */
export function fromOneNote(classes: number): string {
  return `labels run from 1 to ${classes} and none is 0: they are taken as classes 0 to ${classes - 1}`;
}

function mapped<Part>(
  stated: ReadonlyMap<Part, StatedLabels>,
  change: (labels: StatedLabels) => Int32Array,
): Map<Part, Int32Array> {
  return new Map([...stated].map(([part, labels]) => [part, change(labels)]));
}

function numbersOf(stated: StatedLabels): Int32Array {
  return stated.by === "number" ? stated.labels : new Int32Array(0);
}

function namesOf(stated: readonly StatedLabels[]): string[] {
  const names = new Set<string>();
  for (const one of stated) if (one.by === "name") for (const name of one.labels) names.add(name);
  return [...names].sort(byCodePoint);
}

function isColumn(shape: readonly number[]): boolean {
  return shape.length === 1 || (shape.length === 2 && shape[1] === 1);
}

/** The place of the one 1 in each row. */
function fromOneHot(data: NpyData, classes: number, where: string, first: number): Int32Array {
  return Int32Array.from({ length: data.length / classes }, (_, row) => {
    let hot = -1;
    for (let column = 0; column < classes; column++) {
      const value = Number(data[row * classes + column]);
      if (value === 0) continue;
      if (value !== 1 || hot >= 0) throw notOneHot(where, first + row, classes);
      hot = column;
    }
    if (hot < 0) throw notOneHot(where, first + row, classes);
    return hot;
  });
}

function notOneHot(where: string, row: number, classes: number): AppError {
  return invalid(
    `${where}[${row}]: is a row of ${classes} values, expected one-hot: a single 1 and zeros (one class an image)`,
  );
}

function badShape(shape: readonly number[], where: string): AppError {
  return invalid(
    `${where}: labels have shape [${shape.join(", ")}], expected [n], [n, 1], or one-hot rows [n, classes]`,
  );
}

function invalid(message: string): AppError {
  return new AppError("data-invalid", message);
}
