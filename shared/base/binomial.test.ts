import { describe, expect, it } from "vitest";
import { binomialMass, binomialTail, exactShareExcess, exactShareInterval } from "./binomial.ts";

describe("binomial distribution", () => {
  it("has the probabilities of coins and of rare events", () => {
    expect(binomialMass(2, 5, 0.5)).toBeCloseTo(10 / 32, 12);
    expect(binomialTail(2, 5, 0.5)).toBeCloseTo(0.5, 12);
    // 0.9^10 + 10 * 0.1 * 0.9^9.
    expect(binomialTail(1, 10, 0.1)).toBeCloseTo(0.7360989291, 10);
    expect([binomialTail(-1, 4, 0.3), binomialTail(4, 4, 0.3)]).toEqual([0, 1]);
    expect([binomialMass(0, 7, 0), binomialMass(7, 7, 1), binomialTail(6, 7, 1)]).toEqual([1, 1, 0]);
  });

  it("sums up as term by term, on either side of the mean", () => {
    for (const [trials, share] of [
      [40, 0.03],
      [40, 0.5],
      [3000, 0.02],
      [3000, 0.97],
    ]) {
      let sum = 0;
      for (let k = 0; k <= trials; k++) {
        sum += binomialMass(k, trials, share);
        expect(Math.abs(binomialTail(k, trials, share) - sum)).toBeLessThan(1e-10);
      }
    }
  });
});

it("the exact interval of a share is Clopper's and Pearson's", () => {
  // None of 10: the upper limit solves (1 - u)^10 = 0.025.
  const [none, some] = exactShareInterval(0, 10, 0.05);
  expect(none).toBeCloseTo(0, 9);
  expect(some).toBeCloseTo(1 - 0.025 ** 0.1, 9);
  const [low, high] = exactShareInterval(7, 20, 0.05);
  // Tabulated.
  expect(low).toBeCloseTo(0.1539, 4);
  expect(high).toBeCloseTo(0.5922, 4);
  expect(exactShareInterval(20, 20, 0.05)[0]).toBeCloseTo(0.025 ** 0.05, 9);
});

describe("exactShareExcess", () => {
  it("counts the ways, as for the lady who tastes tea", () => {
    // All four right of four, none of the other four: 1 of 70 ways; three or more: 17 of 70.
    expect(exactShareExcess([4, 4], [0, 4])).toBeCloseTo(1 / 70, 14);
    expect(exactShareExcess([3, 4], [1, 4])).toBeCloseTo(17 / 70, 14);
    expect(exactShareExcess([0, 4], [4, 4])).toBeCloseTo(1, 14);
  });

  it("holds at the size of real splits", () => {
    // 90.8 % against 86.8 %: z = 6.5 with 5 000 and 5 000.
    expect(exactShareExcess([4540, 5000], [4340, 5000])).toBeLessThan(1e-9);
    expect(exactShareExcess([434, 5000], [4540, 5000])).toBe(1);
    const half = exactShareExcess([4500, 5000], [4500, 5000]);
    expect(half).toBeGreaterThan(0.5);
    expect(half).toBeLessThan(0.52);
  });
});
