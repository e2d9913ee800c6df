import { AppError } from "../base/errors.ts";

/** A window's pictures and texts fit; nothing of ours is as large. */
export const maxRequestBytes = 64 * 2 ** 20;
/** Weights of 65 536 classes fit twice. */
export const maxRequestValues = 250_000;
export const maxRequestDepth = 64;
/** What a value takes besides what it holds. */
const valueBytes = 16;

/**
 * Refuses a request by its size, before anything is made of it. The walk ends as soon as there is too much, so its own work is
 * bounded whatever comes, circles included.
 * @throws AppError 'usage'
 */
export function refuseLarge(request: unknown): void {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: request, depth: 0 }];
  let [bytes, values] = [0, 0];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next;
    const inner = innerValues(value, maxRequestValues - values - waiting.length - 1);
    bytes += valueBytes + ownBytes(value);
    values++;
    if (bytes > maxRequestBytes || (inner.length > 0 && depth >= maxRequestDepth)) throw tooLarge();
    for (const each of inner) waiting.push({ value: each, depth: depth + 1 });
  }
}

/**
 * @param most so many may be in it
 * @returns keys too, which count like values
 */
function innerValues(value: unknown, most: number): readonly unknown[] {
  if (typeof value === "bigint") throw notPlain();
  if (typeof value !== "object" || value === null || binaryBytes(value) !== undefined) return [];
  if (Array.isArray(value)) {
    if (value.length > most) throw tooLarge();
    return value;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw notPlain();
  const inner: unknown[] = [];
  for (const key in value) {
    inner.push(key, (value as Record<string, unknown>)[key]);
    if (inner.length > most) throw tooLarge();
  }
  return inner;
}

function ownBytes(value: unknown): number {
  if (typeof value === "string") return 2 * value.length;
  return binaryBytes(value) ?? 0;
}

/** A view is copied with all of its buffer. */
function binaryBytes(value: unknown): number | undefined {
  if (ArrayBuffer.isView(value)) return value.buffer.byteLength;
  return value instanceof ArrayBuffer ? value.byteLength : undefined;
}

function notPlain(): AppError {
  return new AppError("usage", "the window asked with something that is no plain data");
}

function tooLarge(): AppError {
  return new AppError(
    "usage",
    `the window asked for something too large: at most ${maxRequestBytes / 2 ** 20} MiB, ${maxRequestValues} values and ${maxRequestDepth} levels`,
  );
}
