import { AppError } from "../base/errors.ts";
import type { ConfidenceTable } from "../model/confidence-table.ts";

/** Tables of both halves, by policy. */
export interface HalvesOfTables {
  readonly calibration: ReadonlyMap<string, ConfidenceTable>;
  readonly test: ReadonlyMap<string, ConfidenceTable>;
}

/** Which held-out samples: those of a split, or all. */
export type HeldOutPart = "calibration" | "test" | "both";

/** Tables never change, and joining them copies megabytes. */
const joined = new WeakMap<HalvesOfTables, ReadonlyMap<string, ConfidenceTable>>();

/** The tables of all held-out samples, by policy: calibration's first, then the test split's. */
export function joinHalves(tables: HalvesOfTables): ReadonlyMap<string, ConfidenceTable> {
  const known = joined.get(tables);
  if (known) return known;
  const made = new Map(
    [...tables.calibration].flatMap(([policy, calibration]) => {
      const test = tables.test.get(policy);
      return test ? [[policy, joinTables(calibration, test)] as const] : [];
    }),
  );
  joined.set(tables, made);
  return made;
}

/**
 * One table of two tables' samples, the first one's first.
 * @throws AppError 'shape-mismatch' if they are of other exits
 */
export function joinTables(one: ConfidenceTable, other: ConfidenceTable): ConfidenceTable {
  if (one.exits !== other.exits)
    throw new AppError(
      "shape-mismatch",
      `confidence tables of ${one.exits} and of ${other.exits} exits have no samples in common`,
    );
  const rows = one.exits + 1;
  const samples = one.samples + other.samples;
  const byRow = <Column extends Float32Array | Uint8Array | Int32Array>(
    first: Column,
    second: Column,
    both: Column,
  ): Column => {
    for (let row = 0; row < rows; row++) {
      both.set(first.subarray(row * one.samples, (row + 1) * one.samples), row * samples);
      both.set(second.subarray(row * other.samples, (row + 1) * other.samples), row * samples + one.samples);
    }
    return both;
  };
  return {
    exits: one.exits,
    samples,
    confidence: byRow(one.confidence, other.confidence, new Float32Array(rows * samples)),
    correct: byRow(one.correct, other.correct, new Uint8Array(rows * samples)),
    predicted:
      one.predicted &&
      other.predicted &&
      byRow(one.predicted, other.predicted, new Int32Array(rows * samples)),
    labels: one.labels && other.labels && Int32Array.from([...one.labels, ...other.labels]),
  };
}
