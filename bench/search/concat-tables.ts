import type { ConfidenceTable } from "../../shared/model/confidence-table.ts";

/** The samples of both tables in one; the same exits in each. */
export function concatTables(one: ConfidenceTable, other: ConfidenceTable): ConfidenceTable {
  const samples = one.samples + other.samples;
  const rows = one.exits + 1;
  const confidence = new Float32Array(rows * samples);
  const correct = new Uint8Array(rows * samples);
  for (let row = 0; row < rows; row++) {
    let at = row * samples;
    for (const table of [one, other]) {
      const from = row * table.samples;
      confidence.set(table.confidence.subarray(from, from + table.samples), at);
      correct.set(table.correct.subarray(from, from + table.samples), at);
      at += table.samples;
    }
  }
  return { exits: one.exits, samples, confidence, correct };
}
