import { expect, test } from "vitest";
import { classThresholds, shiftOdds } from "./shift-odds.ts";

test("odds are multiplied: 3 to 1 times 3 is 9 to 1", () => {
  expect(shiftOdds(0.75, Math.log(3))).toBeCloseTo(0.9, 12);
  expect(shiftOdds(0.75, -Math.log(3))).toBeCloseTo(0.5, 12);
  expect([0, 0.3, 1].map((confidence) => shiftOdds(confidence, 0))).toEqual([0, 0.3, 1]);
  expect([0, 1].map((confidence) => shiftOdds(confidence, 2))).toEqual([0, 1]);
});

test("a class whose confidence is raised leaves from a lower one", () => {
  const offsets = Float32Array.of(0, Math.log(3), -Math.log(3));
  const thresholds = classThresholds(0.75, offsets);
  [0.75, 0.5, 0.9].forEach((expected, index) => {
    expect(thresholds[index]).toBeCloseTo(expected, 6);
    expect(shiftOdds(thresholds[index], offsets[index])).toBeCloseTo(0.75, 12);
  });
});

test("a threshold that all or none reach stays what it is", () => {
  const offsets = Float32Array.of(1, -1);
  for (const threshold of [-1, 0, 1, 2])
    expect(classThresholds(threshold, offsets)).toEqual([threshold, threshold]);
});
