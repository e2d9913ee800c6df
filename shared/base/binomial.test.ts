import { describe, expect, it } from "vitest";
import { binomialMass, binomialTail, exactShareInterval } from "./binomial.ts";

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
