import { describe, expect, test } from "vitest";
import { chiSquare, compareCounts, holmAdjusted, largestGap, widestGap } from "./compare-counts.ts";
import { drawHypergeometric } from "./draw-hypergeometric.ts";
import { type Random, seededRandom } from "./random.ts";

function drawCounts(random: Random, shares: readonly number[], size: number): number[] {
  const counts = new Array<number>(shares.length).fill(0);
  for (let k = 0; k < size; k++) {
    let category = 0;
    for (let left = random() - shares[0]; left >= 0; left -= shares[category]) category++;
    counts[category]++;
  }
  return counts;
}

test("of 10 things of which 4 are marked, 3 drawn hold as many as can be counted by hand", () => {
  const random = seededRandom(1);
  const counts = [0, 0, 0, 0];
  for (let k = 0; k < 60_000; k++) counts[drawHypergeometric(random, 4, 6, 3)]++;
  // 20, 60, 36 and 4 of 120 ways.
  expect(counts.map((count) => Math.round((120 * count) / 60_000))).toEqual([20, 60, 36, 4]);
});

test("a draw of all there is or of one kind needs no chance", () => {
  const never = () => {
    throw new Error("drawn");
  };
  expect(drawHypergeometric(never, 5, 7, 12)).toBe(5);
  expect(drawHypergeometric(never, 5, 0, 3)).toBe(3);
  expect(drawHypergeometric(never, 0, 7, 3)).toBe(0);
});

test("chi-square and the widest gap are those of hand", () => {
  // 30 of 100 against 20 of 50: 150 in all, half and half.
  expect(chiSquare([30, 70], [20, 30])).toBeCloseTo(1.5, 10);
  expect(widestGap([10, 10, 80], [25, 25, 50])).toEqual({ border: 2, gap: expect.closeTo(0.3, 12) });
  expect(largestGap([10, 10, 80], [10, 10, 80])).toBe(0);
});

describe.each([chiSquare, largestGap])("$name", (statistic) => {
  const shares = [0.1, 0.15, 0.25, 0.3, 0.2];

  test("finds a difference between equals as seldom as it is meant to", () => {
    const random = seededRandom(3);
    const found = Array.from({ length: 100 }, () => {
      const [one, other] = [drawCounts(random, shares, 900), drawCounts(random, shares, 300)];
      return compareCounts(one, other, statistic, random).pValue <= 0.1;
    }).filter(Boolean).length;
    // 10 are expected; 19 and more, and 3 and fewer, come less than once in a hundred times.
    expect(found).toBeLessThan(19);
    expect(found).toBeGreaterThan(3);
  });

  test("agrees with the chance of a table that can be counted", () => {
    // Fisher's tea: 4 right of 4, one of 70 ways, and as far the other way.
    const { pValue } = compareCounts([4, 0], [0, 4], statistic, seededRandom(1));
    expect(pValue).toBeGreaterThan(0.018);
    expect(pValue).toBeLessThan(0.041);
  });

  test("sees a shift of a tenth in thousands", () => {
    const random = seededRandom(2);
    const shifted = drawCounts(random, [0.2, 0.15, 0.25, 0.3, 0.1], 5000);
    const {
      pValue,
      statistic: found,
      usual,
    } = compareCounts(drawCounts(random, shares, 2000), shifted, statistic, random);
    expect(pValue).toBe(1 / 2000);
    expect(found).toBeGreaterThan(2 * usual);
  });
});

test("p-values are corrected in the order of their size", () => {
  expect(holmAdjusted([0.04, 0.01, 0.03])).toEqual([0.06, 0.03, 0.06]);
  expect(holmAdjusted([0.5, 0.6])).toEqual([1, 1]);
});
