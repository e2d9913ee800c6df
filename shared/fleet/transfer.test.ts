import { describe, expect, test } from "vitest";
import {
  designOf,
  early,
  evenAndSteep,
  evenTarget,
  hasty,
  late,
  networks,
} from "./testing/made-up-targets.ts";
import { transferTo } from "./transfer.ts";

const useCase = { latency: "mean", maxDropPp: 0 } as const;
const [even, steep] = evenAndSteep();

describe("the plan of one target on another", () => {
  // Even: early is 2 x 1.5 + 2 x 4.5 over 4 = 3 ms; late is 3 x 3.5 + 4.5 over 4 = 3.75 ms.
  const moved = transferTo(even, { exits: late }, useCase, networks);

  test("keeps its accuracy and loses speed-up against the one that was chosen there", () => {
    expect(moved).toMatchObject({
      accuracy: 1,
      accuracyLostPp: 0,
      latencyMs: 3.75,
      exits: "other",
      misses: [],
    });
    expect(moved.speedup).toBeCloseTo(4 / 3.75, 12);
    // 4/3 times as fast would be possible.
    expect(moved.lostPct).toBeCloseTo(20, 9);
  });

  test("has an interval of that, in which what both plans share cancels", () => {
    // Late less early: 0.75 of b ± 0.2, 0.25 - 0.5 of the end ± 0.05, a head's 1 ± 0.02 each, and -0.5 of a ± 0.1: 0.75 ± 0.2525.
    expect(moved.lostIntervalPct![0]).toBeCloseTo((100 * (0.75 - 0.2525)) / 3.75, 9);
    expect(moved.lostIntervalPct![1]).toBeCloseTo((100 * (0.75 + 0.2525)) / 3.75, 9);
  });

  test("stands behind the front there", () => {
    // Early is as accurate in 3 ms; hasty is faster and less accurate.
    expect(moved).toMatchObject({ beatenBy: 1, front: 2 });
    expect(moved.behindPct).toBeCloseTo(25, 9);
  });

  test("the other way round as well", () => {
    // Steep: early is 2 x 3.5 + 2 x 4.5 over 4 = 4 ms; late is 3 x 3.75 + 4.5 over 4 = 3.9375 ms.
    const back = transferTo(steep, { exits: early }, useCase, networks);
    expect(back).toMatchObject({ latencyMs: 4, speedup: 1, beatenBy: 1 });
    expect(back.lostPct).toBeCloseTo(100 * (1 - 3.9375 / 4), 9);
    // 0.0625 ± 0.2525 ms: the profile doesn't tell which of the two is faster.
    expect(back.lostIntervalPct![0]).toBeLessThan(0);
    expect(back.lostIntervalPct![1]).toBeGreaterThan(0);
  });
});

test("a target's own plan loses nothing, surely, and is on its front", () => {
  for (const design of [even, steep])
    expect(transferTo(design, design.front.recommended, useCase, networks)).toMatchObject({
      lostPct: 0,
      lostIntervalPct: [0, 0],
      exits: "same",
      beatenBy: 0,
      behindPct: 0,
    });
});

test("by a percentile it is the path that the percentile falls on", () => {
  // Three of four leave late at b: the median is 3.5 ms. Of early, two leave at 1.5 ms, and so does the median.
  const moved = transferTo(even, { exits: late }, { latency: "p50" }, networks);
  expect(moved.latencyMs).toBe(3.5);
  expect(moved.lostPct).toBeCloseTo(100 * (1 - 1.5 / 3.5), 9);
  // b and its head less a and its head: 2 ± 0.34.
  expect(moved.lostIntervalPct![0]).toBeCloseTo((100 * (2 - 0.34)) / 3.5, 9);
});

test("the same places under other thresholds are told from others", () => {
  const moved = transferTo(even, { exits: hasty }, useCase, networks);
  expect(moved.exits).toBe("same places");
  // Faster than the plan chosen there, at an accuracy that the use case doesn't allow.
  expect(moved.lostPct).toBeLessThan(0);
  expect(moved.accuracyLostPp).toBe(25);
  expect(moved.misses).toEqual([{ constraint: "maxDropPp", wanted: 0, got: 25 }]);
});

test("without intervals nobody says how sure a loss is", () => {
  const old = designOf({ ...evenTarget, isMeasured: false }, early, [early]);
  expect(transferTo(old, { exits: late }, useCase, networks)).not.toHaveProperty("lostIntervalPct");
});

test("a plan with an exit that isn't there is refused", () => {
  const [exit] = early;
  const other = { exits: [{ ...exit, head: "convolution" }] };
  expect(() => transferTo(even, other, useCase, networks)).toThrow("head convolution, policy top1");
});
