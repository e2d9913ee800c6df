import { expect, test } from "vitest";
import { spreadCuts } from "./spread-cuts.ts";

const cuts = [0.05, 0.1, 0.2, 0.3, 0.45, 0.5, 0.6, 0.8, 0.95].map((macsShare) => ({ macsShare }));
const shares = (count: number) => spreadCuts(cuts, count).map(({ macsShare }) => macsShare);

test("cut points lie where equal parts of the MACs end", () => {
  expect(shares(1)).toEqual([0.5]);
  expect(shares(3)).toEqual([0.2, 0.5, 0.8]);
  // At 1/5, 2/5, 3/5 and 4/5; 0.45 is nearer to 2/5 than 0.3.
  expect(shares(4)).toEqual([0.2, 0.45, 0.6, 0.8]);
});

test("none is taken twice, and all are if as many are wanted", () => {
  expect(new Set(shares(8)).size).toBe(8);
  expect(shares(9)).toHaveLength(9);
  expect(shares(20)).toHaveLength(9);
});
