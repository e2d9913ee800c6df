import { expect, test } from "vitest";
import { rangeMethods } from "../../../shared/model/stage-options.ts";
import { chosenRange, countValues, newHistogram } from "./value-histogram.ts";

/** 100 000 values spread evenly over 0 to 1, and one at 8. */
function withOutlier() {
  const histogram = newHistogram([0, 8]);
  countValues(
    histogram,
    Float64Array.from({ length: 100_000 }, (_, at) => (at + 0.5) / 100_000),
  );
  countValues(histogram, [8]);
  return histogram;
}

test("an outlier among a hundred thousand widens the outermost range alone", () => {
  const histogram = withOutlier();
  expect(chosenRange(histogram, "min-max")).toEqual([0, 8]);
  // Parts are 8 / 2048 wide.
  expect(chosenRange(histogram, "percentile")[1]).toBeCloseTo(1, 2);
  // Squared, the one counts more: at 7.2 it is off by 0.8, while the others' steps of 8 / 255 are off by 9 in all.
  const [, high] = chosenRange(histogram, "least-error");
  expect(high).toBeGreaterThan(1);
  expect(high).toBeLessThan(8);
});

test("values outside count at the ends, and a tensor that never changes has a range all the same", () => {
  const histogram = newHistogram([-1, 1]);
  countValues(histogram, [-5, 5, 0]);
  expect([histogram.counts[0], histogram.counts[1024], histogram.counts[2047]]).toEqual([1, 1, 1]);
  const still = newHistogram([0, 0]);
  countValues(still, [0, 0]);
  for (const method of rangeMethods)
    for (const end of chosenRange(still, method)) expect(end).toBeCloseTo(0, 12);
});
