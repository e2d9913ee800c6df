import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../shared/base/random.ts";
import { estimateRatio } from "./estimate-ratio.ts";
import { backboneLatency, estimatedLatency } from "./estimated-latency.ts";
import { ownShares, towardsWork } from "./head-prior.ts";
import { rising } from "./isotonic.ts";
import { leastSquares } from "./least-squares.ts";
import { lowMean, sortTimes } from "./low-mean.ts";
import { paceOf } from "./pace.ts";
import { blockLength, halfWidthOf, resampleRounds } from "./resample-rounds.ts";
import type { Timing } from "./timing.ts";

const timing = (ms: number, round = 0, atMs = 0): Timing => ({ ms, wallMs: ms, atMs, round });

describe("the low mean", () => {
  it("is the mean of the lowest tenth, of twenty the lowest two", () => {
    const times = [9, 3, 7, 1, 100, 8, 6, 5, ...new Array<number>(12).fill(50)];
    expect(lowMean(sortTimes(times.map((ms) => timing(ms))))).toBe(2);
  });

  it("takes of the next what makes a tenth full, and one at least", () => {
    // Of fifteen one and a half: 1, and half of 4.
    const times = [4, 1, ...new Array<number>(13).fill(9)];
    expect(lowMean(sortTimes(times.map((ms) => timing(ms))))).toBe(2);
    expect(lowMean(sortTimes([timing(7), timing(8)]))).toBe(7);
  });

  it("counts rounds as often as they were drawn", () => {
    const sorted = sortTimes([timing(1, 0), timing(2, 1), timing(3, 2), timing(4, 3)]);
    // Rounds 1 and 2, five times each: of ten times one, a 2.
    expect(lowMean(sorted, [0, 5, 5, 0])).toBe(2);
    // Round 2 once, round 3 nineteen times: of twenty two, a 3 and a 4.
    expect(lowMean(sorted, [0, 0, 1, 19])).toBe(3.5);
    expect(lowMean(sorted, [0, 0, 0, 0])).toBeUndefined();
    expect(lowMean(sortTimes([]))).toBeUndefined();
  });
});

describe("the pace", () => {
  it("is how much slower runs are around a moment, whatever they are", () => {
    const series = [2, 6].map((ms) =>
      Array.from({ length: 600 }, (_, run) => timing(run < 400 ? ms : 2 * ms, run, 50 * run)),
    );
    const { at, drift } = paceOf(series);
    expect([at(0), at(10_000), at(29_000)]).toEqual([1, 1, 2]);
    expect(drift).toBe(1);
  });

  it("is no matter of single runs that were disturbed", () => {
    const runs = Array.from({ length: 300 }, (_, run) => timing(run % 3 === 0 ? 5 : 1, run, 50 * run));
    expect(paceOf([runs]).drift).toBe(0);
  });

  it("of a few runs is even", () => {
    expect(paceOf([[timing(1, 0, 0), timing(5, 1, 9000)]]).at(9000)).toBe(1);
  });
});

describe("rising values", () => {
  it("pool what falls, by weight", () => {
    expect(rising([1, 3, 2, 4], [1, 1, 1, 1])).toEqual([1, 2.5, 2.5, 4]);
    // 3 counts three times as much as 1: (9 + 1) / 4.
    expect(rising([3, 1], [3, 1])).toEqual([2.5, 2.5]);
    expect(rising([5, 4, 3], [1, 1, 1])).toEqual([4, 4, 4]);
    expect(rising([], [])).toEqual([]);
  });

  it("stay between nothing and the most", () => {
    expect(rising([-1, 1, 7, 9], [1, 1, 1, 1], 8)).toEqual([0, 1, 7, 8]);
  });
});

describe("resampled rounds", () => {
  it("are as many as there are, in runs of neighbours, alike for the same seed", () => {
    expect([1, 7, 8, 26, 27, 125].map(blockLength)).toEqual([1, 1, 2, 2, 3, 5]);
    const counts = resampleRounds(27, seededRandom(2));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(27);
    expect(counts).toEqual(resampleRounds(27, seededRandom(2)));
    expect(new Set(counts).size).toBeGreaterThan(1);
  });

  it("give the interval of a mean that the textbook gives", () => {
    // 100 values of standard deviation 1: 1.96 standard errors are 0.196; draws vary about that.
    const values = Array.from(
      { length: 1000 },
      (_, index) => Math.sqrt(3) * ((2 * ((index * 617) % 1000)) / 999 - 1),
    );
    const means = Array.from({ length: 400 }, (_, draw) => {
      const random = seededRandom(draw);
      let sum = 0;
      for (let one = 0; one < 100; one++) sum += values[Math.floor(random() * 1000)];
      return sum / 100;
    });
    expect(halfWidthOf(means, 100)).toBeGreaterThan(0.17);
    expect(halfWidthOf(means, 100)).toBeLessThan(0.24);
  });

  it("use Student's quantile: 2.776 for four degrees of freedom", () => {
    // Of 10 rounds in blocks of 2, two values 2 apart: variance 2, times 5 / 4.
    expect(halfWidthOf([0, 2], 10)).toBeCloseTo(2.776 * Math.sqrt(2.5), 1);
  });

  it("say nothing of fewer than three blocks", () => {
    expect(halfWidthOf([1, 2, 3], 2)).toBe(Number.POSITIVE_INFINITY);
    expect(halfWidthOf([1], 10)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("least squares", () => {
  it("find a plane, and the line through points that don't lie on one", () => {
    const rows = [1, 2, 3, 4, 5].map((x) => [1, x, x * x]);
    const found = leastSquares(
      rows,
      rows.map(([, x, square]) => 2 - x + 0.5 * square),
      [1, 1, 1, 1, 1],
    );
    for (const [column, value] of [2, -1, 0.5].entries()) expect(found[column]).toBeCloseTo(value, 8);
    // Through (0, 0), (1, 1), (2, 1): slope 1/2, at 1/6.
    const [offset, slope] = leastSquares(
      [
        [1, 0],
        [1, 1],
        [1, 2],
      ],
      [0, 1, 1],
      [1, 1, 1],
    );
    expect([offset, slope].map((value) => Number(value.toFixed(9)))).toEqual([0.166666667, 0.5]);
  });

  it("leave out a column that another one is", () => {
    const found = leastSquares(
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      [3, 3, 6],
      [1, 1, 1],
    );
    expect(found[0] + 2 * found[1]).toBeCloseTo(4, 9);
  });
});

describe("heads", () => {
  const works = Array.from({ length: 8 }, (_, index) => [1, 1000 * index, 50] as const);
  const line = works.map(([, elements]) => 0.02 + elements / 1e6);

  it("go by their work where noise hides how they differ, and by themselves where it doesn't", () => {
    const off = line.map((value, index) => value + (index % 2 === 0 ? 0.001 : -0.001));
    const noisy = ownShares(
      off,
      line.map(() => 1e-4),
      works,
    );
    expect(noisy).toEqual(line.map(() => 0));
    for (const [index, value] of towardsWork(off, works, noisy).entries())
      expect(value).toBeCloseTo(line[index], 3);
    const clear = ownShares(
      off,
      line.map(() => 1e-12),
      works,
    );
    for (const [index, value] of towardsWork(off, works, clear).entries())
      expect(value).toBeCloseTo(off[index], 6);
  });

  it("go by themselves where there are few", () => {
    expect(ownShares([1, 2, 3], [9, 9, 9], works.slice(0, 3))).toEqual([1, 1, 1]);
    expect(ownShares([], [], [])).toEqual([]);
  });
});

it("a ratio is that of the low means, with an interval", () => {
  const random = seededRandom(1);
  const series = (needs: number) =>
    Array.from({ length: 120 }, (_, run) => timing(needs * (1 + 0.1 * random()), run >> 1, 10 * run));
  const { ratio, halfWidth } = estimateRatio(series(3), series(2), 60, seededRandom(1));
  expect(Math.abs(ratio - 1.5)).toBeLessThan(2 * halfWidth);
  expect(halfWidth).toBeLessThan(0.02);
});

it("a latency is its ratio at the backbone's pace, spread as its own times are", () => {
  const times = [1, 2, 3, 4, 5].map((ms) => timing(ms));
  const latency = estimatedLatency({ ratio: 0.5, halfWidth: 0.1 }, 12, times);
  // Interquartile mean 3 becomes 6.
  expect(latency).toEqual({
    medianMs: 6,
    meanMs: 6,
    p5Ms: 2,
    p95Ms: 10,
    count: 5,
    intervalMs: [expect.closeTo(4.8), expect.closeTo(7.2)],
  });
  const unknown = { ratio: 0.1, halfWidth: Number.POSITIVE_INFINITY };
  expect(estimatedLatency(unknown, 12, times)).not.toHaveProperty("intervalMs");
  expect(estimatedLatency({ ratio: 0.1, halfWidth: 0.2 }, 10, times).intervalMs![0]).toBe(0);
});

it("the backbone's latency is the interquartile mean of all groups, within its interval", () => {
  const random = seededRandom(5);
  const backbone = Array.from({ length: 80 }, (_, run) => timing(2 + random(), run >> 1));
  const { meanMs, intervalMs, count } = backboneLatency([{ backbone, rounds: 40 }], seededRandom(1));
  expect(count).toBe(80);
  expect(meanMs).toBeGreaterThan(2.3);
  expect(meanMs).toBeLessThan(2.7);
  const [low, high] = intervalMs!;
  expect((low + high) / 2).toBeCloseTo(meanMs, 9);
  // Quarter of a uniform spread of 1: about 0.02 a standard error and a half.
  expect(high - low).toBeGreaterThan(0.05);
  expect(high - low).toBeLessThan(0.4);
});
