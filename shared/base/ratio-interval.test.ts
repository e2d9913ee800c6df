import { expect, test } from "vitest";
import { seededRandom } from "./random.ts";
import { ratioInterval, studentQuantile95 } from "./ratio-interval.ts";

test("quantiles of Student's t are those of the tables", () => {
  for (const [freedom, quantile] of [
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [9, 2.262],
    [49, 2.01],
    [10_000, 1.96],
  ])
    expect(studentQuantile95(freedom) / quantile).toBeCloseTo(1, freedom === 3 ? 1 : 2);
});

test("the mean of four values, worked out by hand", () => {
  // Mean 2.5, deviations 1.5, 0.5, 0.5, 1.5: variance 5/3, error of the mean sqrt(5/12) = 0.6455.
  const [low, high] = ratioInterval([1, 2, 3, 4], [1, 1, 1, 1])!;
  expect(low).toBeCloseTo(2.5 - studentQuantile95(3) * 0.6455, 3);
  expect(high).toBeCloseTo(2.5 + studentQuantile95(3) * 0.6455, 3);
});

test("a ratio that all blocks agree on is sure, however they differ in size; of one block nothing is known", () => {
  expect(ratioInterval([2, 20, 6], [1, 10, 3])).toEqual([2, 2]);
  expect(ratioInterval([2], [1])).toBeUndefined();
});

test("noise that lasts within blocks and hits both alike leaves the interval narrow and right", () => {
  const random = seededRandom(3);
  let covered = 0;
  for (let trial = 0; trial < 400; trial++) {
    const paces = Array.from({ length: 20 }, () => 1 + 3 * random());
    const noisy = (value: number) => paces.map((pace) => pace * value * (0.9 + 0.2 * random()));
    const [low, high] = ratioInterval(noisy(3), noisy(1))!;
    expect(high - low).toBeLessThan(0.5);
    if (low <= 3 && high >= 3) covered++;
  }
  expect(covered / 400).toBeGreaterThan(0.92);
  expect(covered / 400).toBeLessThan(0.98);
});
