import { AppError } from "../../../shared/base/errors.ts";
import type { ClassWeights } from "../../../shared/space/sample-weights.ts";
import { readRegularFile } from "../../disk/regular-file.ts";
import { memoryRange } from "../base/byte-range.ts";
import { readNpy } from "../base/npy.ts";

/**
 * Weights of classes by name or number: a JSON object, or lines of `class,weight`.
 * @throws AppError 'file-not-found', 'file-unreadable', 'file-invalid'
 */
export async function readClassWeights(path: string): Promise<ReadonlyMap<string, number>> {
  const text = String(await readBytes(path)).trim();
  const pairs = text.startsWith("{")
    ? Object.entries(parseJson(path, text) as Record<string, unknown>)
    : text.split(/\r?\n/).map((line) => splitPair(line));
  const weights = new Map<string, number>();
  for (const [name, weight] of pairs) {
    if (weights.has(name)) throw invalid(path, `weighs the class '${name}' twice`);
    weights.set(name, expectWeight(path, `of class '${name}'`, weight));
  }
  return weights;
}

/** At the last comma, as a class's name may hold one. */
function splitPair(line: string): [string, unknown] {
  const comma = line.lastIndexOf(",");
  if (comma < 0) return [line.trim(), ""];
  return [line.slice(0, comma).trim(), numberIn(line.slice(comma + 1))];
}

/**
 * Weights of a split's samples in order: a one-dimensional `.npy`, a JSON list, or a number a line.
 * @throws AppError 'file-not-found', 'file-unreadable', 'file-invalid'
 */
export async function readSampleWeights(path: string): Promise<number[]> {
  const bytes = await readBytes(path);
  const values = path.endsWith(".npy")
    ? await readVector(path, bytes)
    : readNumbers(path, String(bytes).trim());
  return values.map((value, sample) => expectWeight(path, `of sample ${sample}`, value));
}

async function readVector(path: string, bytes: Uint8Array): Promise<unknown[]> {
  const { shape, data } = await readNpy(memoryRange(path, bytes)).catch((cause) => {
    throw invalid(path, "is no .npy array", cause);
  });
  if (shape.length !== 1) throw invalid(path, `has shape [${shape}], expected one number per sample`);
  return Array.from(data, Number);
}

function readNumbers(path: string, text: string): unknown[] {
  if (!text.startsWith("[")) return text.split(/\r?\n/).map(numberIn);
  return parseJson(path, text) as unknown[];
}

function numberIn(text: string): unknown {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(number) ? text : number;
}

function expectWeight(path: string, of: string, value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw invalid(path, `gives ${JSON.stringify(value)} as the weight ${of}, expected a number from 0 on`);
}

/** Weights of a few million samples take less. */
const LONGEST_WEIGHTS = 64 * 2 ** 20;

async function readBytes(path: string): Promise<Buffer> {
  return readRegularFile(path, { maxBytes: LONGEST_WEIGHTS }).catch((cause: AppError) => {
    throw new AppError(cause.code, `${cause.message}; give a file of weights`);
  });
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(path, "is no valid JSON", cause);
  }
}

function invalid(path: string, what: string, cause?: unknown): AppError {
  return new AppError("file-invalid", `${path} ${what}`, {}, { cause });
}

/**
 * Class weights by index, as a use case holds them.
 * @param named by name, or by number where no class is called so
 * @throws AppError 'usage' if there is no such class
 */
export function weightsByIndex(
  named: ReadonlyMap<string, number>,
  classNames: readonly string[],
): ClassWeights {
  const weights: Record<string, number> = {};
  for (const [name, weight] of named) {
    const index = classNames.includes(name) ? classNames.indexOf(name) : classNumber(name, classNames.length);
    if (index === undefined)
      throw new AppError(
        "usage",
        `there is a weight for class '${name}', but no such class; there are ${classNames.length}: ${listed(classNames)}`,
      );
    if (weights[index] !== undefined)
      throw new AppError("usage", `class '${classNames[index]}' is weighted twice, by name and by number`);
    weights[index] = weight;
  }
  return weights;
}

function classNumber(text: string, classes: number): number | undefined {
  return /^\d+$/.test(text) && Number(text) < classes ? Number(text) : undefined;
}

function listed(names: readonly string[]): string {
  return names.length > 12 ? `${names.slice(0, 12).join(", ")}, …` : names.join(", ");
}
