import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { midRanks, rankCorrelation } from "./rank-correlation.ts";

describe("agrees with scipy 1.17.1 (kendalltau, spearmanr, rankdata)", () => {
  test.each([
    { one: [1, 2, 3, 4, 5], other: [1, 3, 2, 4, 5], tauB: 0.8, spearman: 0.9 },
    {
      one: [12, 2, 1, 12, 2],
      other: [1, 4, 7, 1, 0],
      tauB: -0.4714045207910316,
      spearman: -0.5407380704358752,
    },
    {
      one: [1, 1, 2, 2, 3, 3, 4],
      other: [2, 1, 1, 3, 3, 5, 5],
      tauB: 0.7222222222222224,
      spearman: 0.8207547169811322,
    },
    {
      one: [0.1, 0.4, 0.4, 0.7, 0.2, 0.9],
      other: [0.3, 0.3, 0.1, 0.8, 0.2, 0.2],
      tauB: 0,
      spearman: 0.014927035850663302,
    },
  ])("$one beside $other", ({ one, other, tauB, spearman }) => {
    const found = rankCorrelation(one, other);
    expect(found.tauB).toBeCloseTo(tauB, 12);
    expect(found.spearman).toBeCloseTo(spearman, 12);
  });

  test("ranks of equal values are the mean of theirs", () => {
    expect(midRanks([0.1, 0.4, 0.4, 0.7, 0.2, 0.9])).toEqual([1, 3.5, 3.5, 5, 2, 6]);
  });
});

test("names the pairs that the two have the other way round", () => {
  // Of ten pairs only the second and third thing change places; a tie is no exchange.
  expect(rankCorrelation([1, 2, 3, 4, 5], [1, 3, 2, 4, 4])).toMatchObject({ pairs: 10, swapped: [[1, 2]] });
});

test("there is none where an order has everything tied, or nothing to order", () => {
  expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toMatchObject({
    tauB: undefined,
    spearman: undefined,
    pairs: 3,
  });
  expect(rankCorrelation([1], [2])).toMatchObject({ tauB: undefined, spearman: undefined, pairs: 0 });
  expect(rankCorrelation([], [])).toMatchObject({ tauB: undefined, pairs: 0 });
  expect(() => rankCorrelation([1, 2], [1])).toThrow("two rankings have 2 and 1 values");
});

describe("of any columns", () => {
  const column = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 2, maxLength: 20 });
  const varied = column.filter((values) => new Set(values).size > 1);

  test("is 1 with itself and with whatever rises with it, -1 with the reverse", () => {
    fc.assert(
      fc.property(varied, (values) => {
        const risen = values.map((value) => value ** 3 + 1);
        for (const other of [values, risen]) {
          const { tauB, spearman, swapped } = rankCorrelation(values, other);
          expect([tauB, spearman]).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)]);
          expect(swapped).toEqual([]);
        }
        const { tauB, spearman } = rankCorrelation(
          values,
          values.map((value) => -value),
        );
        expect([tauB, spearman]).toEqual([expect.closeTo(-1, 12), expect.closeTo(-1, 12)]);
      }),
    );
  });

  test("is the same from either side, and between -1 and 1", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 15 }), (pairs) => {
        const [one, other] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
        const [there, back] = [rankCorrelation(one, other), rankCorrelation(other, one)];
        expect(back).toEqual({
          ...there,
          tauB: there.tauB === undefined ? undefined : expect.closeTo(there.tauB, 12),
          spearman: there.spearman === undefined ? undefined : expect.closeTo(there.spearman, 12),
        });
        for (const value of [there.tauB, there.spearman])
          if (value !== undefined) expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});
