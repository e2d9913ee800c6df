import fc from "fast-check";
import { expect, test } from "vitest";
import { classesWithoutSamples, weighSamples, wholeWeights } from "./sample-weights.ts";

const sumWhere = (counts: Uint32Array, classes: ArrayLike<number>, index: number) =>
  counts.reduce((sum, count, sample) => sum + (classes[sample] === index ? count : 0), 0);

test("whole weights stay as they are, without what all of them have in common", () => {
  expect(wholeWeights([30, 10, 0, 20])).toEqual({
    counts: Uint32Array.of(3, 1, 0, 2),
    total: 6,
    // 6² / (9 + 1 + 4)
    effectiveSamples: 36 / 14,
  });
  expect(wholeWeights([0.5, 0.5, 0.5])).toBeUndefined();
  expect(wholeWeights([7, 7])).toBeUndefined();
});

test("fractions are rounded so that classes keep their shares", () => {
  // 1.9 to 1.1 of four samples each: 12 in all, to be blown up to 32 as 20.27 and 11.73.
  const weights = [1.9, 1.1, 1.9, 1.1, 1.9, 1.1, 1.9, 1.1];
  const classes = Int32Array.from(weights, (weight) => (weight > 1.5 ? 4 : 2));
  const { counts, total } = wholeWeights(weights, classes)!;
  expect([total, sumWhere(counts, classes, 4), sumWhere(counts, classes, 2)]).toEqual([32, 20, 12]);
  expect([...counts].sort()).toEqual([3, 3, 3, 3, 5, 5, 5, 5]);
});

test("no class is off by more than one count, no sample by one", () => {
  const samples = fc.array(fc.tuple(fc.double({ min: 0, max: 50, noNaN: true }), fc.nat(4)), {
    minLength: 1,
    maxLength: 200,
  });
  fc.assert(
    fc.property(samples, (drawn) => {
      const weights = drawn.map(([weight]) => weight + 0.001);
      const classes = Int32Array.from(drawn, ([, index]) => index);
      const whole = wholeWeights(weights, classes);
      if (!whole) return;
      const sum = weights.reduce((a, b) => a + b);
      expect(whole.total).toBeLessThanOrEqual(4 * weights.length);
      expect(whole.effectiveSamples).toBeLessThanOrEqual(weights.length + 1e-9);
      for (let index = 0; index < 5; index++) {
        const wanted = weights.reduce((a, weight, i) => a + (classes[i] === index ? weight : 0), 0);
        const got = sumWhere(whole.counts, classes, index);
        expect(Math.abs(got - (wanted * whole.total) / sum)).toBeLessThanOrEqual(1 + 1e-6);
      }
      for (const [sample, weight] of weights.entries())
        expect(Math.abs(whole.counts[sample] - (weight * whole.total) / sum)).toBeLessThanOrEqual(1 + 1e-6);
    }),
  );
});

test("classes weigh what they are given, else 1, times what their samples weigh", () => {
  const labels = Int32Array.of(0, 1, 2, 1);
  expect([...weighSamples(4, labels, { classWeights: { 1: 3, 2: 0 } })!.counts]).toEqual([1, 3, 0, 3]);
  const sampleWeights = [1, 1, 1, 2];
  expect([...weighSamples(4, labels, { classWeights: { 1: 2 }, sampleWeights })!.counts]).toEqual([
    1, 2, 1, 4,
  ]);
  expect([...weighSamples(4, undefined, { sampleWeights })!.counts]).toEqual(sampleWeights);
  expect(weighSamples(4, undefined, {})).toBeUndefined();
  expect(classesWithoutSamples(labels, 5)).toEqual(new Set([3, 4]));
});

test("what can't be weighed is refused in words", () => {
  expect(() => wholeWeights([0, 0])).toThrow("add up to 0, expected a number above 0");
  expect(() => wholeWeights([1, Number.NaN])).toThrow("add up to NaN");
  expect(() => wholeWeights([2, -1])).toThrow("the weight of sample 1 is -1, expected 0 or more");
  expect(() => weighSamples(3, undefined, { sampleWeights: [1] })).toThrow("1 weights for 3 samples");
  expect(() => weighSamples(3, undefined, { classWeights: {} })).toThrow(/don't say which class/);
});
