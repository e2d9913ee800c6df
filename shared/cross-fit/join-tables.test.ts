import { expect, it } from "vitest";
import type { ConfidenceTable } from "../model/confidence-table.ts";
import { joinHalves, joinTables } from "./join-tables.ts";

/** One exit and the backbone. */
const one: ConfidenceTable = {
  exits: 1,
  samples: 2,
  confidence: Float32Array.of(0.5, 0.25, 0.75, 1),
  correct: Uint8Array.of(1, 0, 1, 1),
  predicted: Int32Array.of(3, 4, 3, 5),
  labels: Int32Array.of(3, 5),
};
const other: ConfidenceTable = {
  exits: 1,
  samples: 1,
  confidence: Float32Array.of(0.125, 0),
  correct: Uint8Array.of(0, 1),
  predicted: Int32Array.of(7, 8),
  labels: Int32Array.of(8),
};

it("keeps rows and puts the samples of the second behind those of the first", () => {
  expect(joinTables(one, other)).toEqual({
    exits: 1,
    samples: 3,
    confidence: Float32Array.of(0.5, 0.25, 0.125, 0.75, 1, 0),
    correct: Uint8Array.of(1, 0, 0, 1, 1, 1),
    predicted: Int32Array.of(3, 4, 7, 3, 5, 8),
    labels: Int32Array.of(3, 5, 8),
  });
  const unnamed = joinTables({ ...one, predicted: undefined }, { ...other, labels: undefined });
  expect([unnamed.predicted, unnamed.labels]).toEqual([undefined, undefined]);
});

it("refuses tables of other exits", () => {
  expect(() => joinTables(one, { ...other, exits: 2 })).toThrow("of 1 and of 2 exits");
});

it("joins policies that both halves have, once", () => {
  const tables = {
    calibration: new Map([
      ["top1", one],
      ["margin", one],
    ]),
    test: new Map([["top1", other]]),
  };
  expect([...joinHalves(tables).keys()]).toEqual(["top1"]);
  expect(joinHalves(tables)).toBe(joinHalves(tables));
});
