import { expect, test } from "vitest";
import { sortThresholds, thresholdsByClass } from "./class-thresholds.ts";

const third = Math.fround(Math.log(3));
const table = {
  policy: "top1-per-class",
  exits: 2,
  samples: 1,
  confidence: new Float32Array(3),
  correct: new Uint8Array(3),
};
const shifted = { ...table, classOffsets: Float32Array.of(1, 1, 1, third, 0, -third) };

test("each class has its own of the exit's row", () => {
  const thresholds = thresholdsByClass({ table: shifted, row: 1 }, 0.75)!;
  expect(thresholds.map(({ index }) => index)).toEqual([0, 1, 2]);
  [0.5, 0.75, 0.9].forEach((expected, index) => {
    expect(thresholds[index].threshold).toBeCloseTo(expected, 6);
  });
  const order = (by: Parameters<typeof sortThresholds>[1]) =>
    sortThresholds(thresholds, by).map(({ index }) => index);
  expect(order("strictest first")).toEqual([2, 1, 0]);
  expect(order("most lenient first")).toEqual([0, 1, 2]);
});

test("a policy with one threshold for all has none", () => {
  expect(thresholdsByClass({ table, row: 1 }, 0.75)).toBeUndefined();
});
