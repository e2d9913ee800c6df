import { describe, expect, it } from "vitest";
import { seededRandom } from "../../base/random.ts";
import type { SweptFigures } from "../../evaluate/sweep.ts";
import { createPlanSample } from "./plan-sample.ts";

/** Plans numbered on from `first`: each has its number as latency. */
function sweep(first: number, rows: number, columns: number): SweptFigures {
  const numbers = Array.from({ length: rows * columns }, (_, index) => first + index);
  return {
    rows,
    columns,
    entries: rows * columns,
    right: Int32Array.from(numbers, (number) => number % 100),
    // Arrays may be longer than their contents.
    latencyMs: Float64Array.from([...numbers, -1, -1]),
  };
}

function sampled(sizes: readonly number[], size: number, seed: number): number[] {
  const sample = createPlanSample(size, 100, seededRandom(seed));
  let first = 0;
  for (const plans of sizes) {
    sample.take(sweep(first, plans, 1));
    first += plans;
  }
  const pairs = sample.pairs();
  const latencies = [...pairs].filter((_, index) => index % 2 === 1);
  for (const [index, latency] of latencies.entries())
    expect(pairs[2 * index]).toBe(Math.fround((latency % 100) / 100));
  return latencies;
}

describe("a sample of plans", () => {
  it("holds all of them while there is room", () => {
    expect(sampled([3, 1, 4], 8, 1)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(sampled([], 8, 1)).toEqual([]);
  });

  it("holds different plans, as many as fit, and the same for the same seed", () => {
    const sizes = Array.from({ length: 200 }, (_, index) => 1 + (index % 37));
    const found = sampled(sizes, 50, 3);
    expect(new Set(found).size).toBe(50);
    expect(sampled(sizes, 50, 3)).toEqual(found);
    expect(sampled(sizes, 50, 4)).not.toEqual(found);
  });

  it("gives every plan the same chance, early or late, in sweeps small or large", () => {
    const counts = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 2000; seed++)
      for (const plan of sampled([1, 99, 1, 1, 398, 500], 20, seed)) counts[Math.floor(plan / 100)]++;
    // 4000 of each tenth are expected, with a deviation of 60.
    for (const count of counts) expect(Math.abs(count - 4000)).toBeLessThan(300);
  });
});
