import fc from "fast-check";
import { expect, test } from "vitest";
import { thresholdLevels } from "./threshold-grid.ts";

test("thresholds stand midway between the confidences that they part; the last one stops nobody", () => {
  const confidences = Float32Array.of(0.5, 0.125, 0.25, 0.75);
  expect([...thresholdLevels(confidences, 4)]).toEqual([0.625, 0.375, 0.1875, 0]);
  expect([...thresholdLevels(confidences, 2)]).toEqual([0.375, 0]);
  expect([...thresholdLevels(confidences, 1)]).toEqual([0]);
});

test("equal confidences leave together and cost a level", () => {
  expect([...thresholdLevels(Float32Array.of(0.5, 1, 0.5, 0.5), 4)]).toEqual([0.75, 0]);
  expect([...thresholdLevels(Float32Array.of(1, 1, 1), 32)]).toEqual([0]);
});

test("negative confidences leave at the last level too", () => {
  expect([...thresholdLevels(Float32Array.of(-2, -1), 2)]).toEqual([-1.5, -2]);
});

test("between neighbouring float32 values, which have no midpoint, the higher one is the threshold", () => {
  const lower = 0.5;
  const higher = 0.5 + 2 ** -24;
  const [first] = thresholdLevels(Float32Array.of(lower, higher), 2);
  expect(first).toBe(higher);
});

test("level k lets at least (k + 1) / levels leave, and not more than ties force", () => {
  const values = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 8 }), (integers, levels) => {
      const confidences = Float32Array.from(integers, (value) => value / 20);
      const thresholds = [...thresholdLevels(confidences, levels)];
      const leaving = thresholds.map((threshold) => confidences.filter((value) => value >= threshold).length);
      expect(leaving).toEqual([...new Set(leaving)].sort((a, b) => a - b));
      expect(leaving.at(-1)).toBe(confidences.length);
      const falling = [...confidences].sort((a, b) => b - a);
      const wanted = Array.from({ length: levels }, (_, level) =>
        Math.max(1, Math.round(((level + 1) * confidences.length) / levels)),
      );
      const withTies = wanted.map((count) => falling.lastIndexOf(falling[count - 1]) + 1);
      expect(leaving).toEqual([...new Set(withTies)]);
    }),
  );
});
