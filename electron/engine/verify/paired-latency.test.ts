import { describe, expect, it } from "vitest";
import { type Random, randomNormal, seededRandom } from "../../../shared/base/random.ts";
import { type PairedTimes, pairedLatency } from "./paired-latency.ts";

const turnSamples = 4;

/** A backbone of 2 ms and a plan of 0.5 ms at its exit, which 60 % take, and 2.2 ms at its end. */
function run(samples: number, random: Random, noise = 0.02): PairedTimes {
  const exits = Array.from({ length: samples }, () => (random() < 0.6 ? 0 : 1));
  const noisy = (ms: number) => ms * Math.exp(noise * randomNormal(random));
  return {
    exits,
    backboneMs: exits.map(() => noisy(2)),
    planMs: exits.map((exit) => noisy(exit === 0 ? 0.5 : 2.2)),
    turnSamples,
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("paired latency", () => {
  it("on a calm machine is the mean of all, with intervals that hold it", () => {
    const times = run(1000, seededRandom(1));
    const found = pairedLatency(times);
    expect(found.leftOutBlocks).toBe(0);
    expect(found.blocks).toBe(50);
    expect(found.backbone.meanMs).toBeCloseTo(mean(times.backboneMs), 10);
    expect(found.plan.meanMs).toBeCloseTo(mean(times.planMs), 10);
    expect(found.speedup).toBeCloseTo(mean(times.backboneMs) / mean(times.planMs), 10);
    const [low, high] = found.speedupInterval!;
    // 2 / (0.6 x 0.5 + 0.4 x 2.2) = 1.695, of exits that are drawn: standard error some 2 %.
    expect(low).toBeLessThan(1.695);
    expect(high).toBeGreaterThan(1.695);
    expect(high - low).toBeLessThan(0.2);
  });

  it("a burst in one turn of the plan doesn't change the speed-up", () => {
    const times = run(1000, seededRandom(2));
    const calm = pairedLatency(times);
    const planMs = times.planMs.map((ms, sample) => (sample >= 400 && sample < 404 ? ms + 50 : ms));
    const found = pairedLatency({ ...times, planMs });
    // All times taken, the mean would be 1.38 ms instead of 1.18.
    expect(mean(planMs) / mean(times.planMs)).toBeGreaterThan(1.15);
    expect(found.leftOutBlocks).toBe(1);
    expect(found.speedup / calm.speedup).toBeCloseTo(1, 2);
    const backboneMs = times.backboneMs.map((ms, sample) => (sample === 77 ? ms + 80 : ms));
    expect(pairedLatency({ ...times, backboneMs }).speedup / calm.speedup).toBeCloseTo(1, 2);
  });

  it("a machine that is slow for a while changes means, and neither the speed-up nor what counts", () => {
    const times = run(1000, seededRandom(3));
    const slow = (ms: number, sample: number) => (sample >= 500 ? 2 * ms : ms);
    const found = pairedLatency({
      ...times,
      backboneMs: times.backboneMs.map(slow),
      planMs: times.planMs.map(slow),
    });
    expect(found.leftOutBlocks).toBe(0);
    expect(found.backbone.meanMs).toBeCloseTo(3, 1);
    expect(found.speedup / pairedLatency(times).speedup).toBeCloseTo(1, 1);
  });

  it("where another process takes half of all time the ratio of means is right, and that of medians is not", () => {
    // Slices of 3 ms go to one and the other in turn, from a random phase for each run.
    const random = seededRandom(4);
    const shared = (ms: number) => {
      let [left, taken, until] = [ms, 0, 3 * random()];
      while (left > until) [left, taken, until] = [left - until, taken + until + 3, 3];
      return taken + left;
    };
    const calm = run(4000, seededRandom(5), 0);
    const times = { ...calm, backboneMs: calm.backboneMs.map(shared), planMs: calm.planMs.map(shared) };
    const truth = mean(calm.backboneMs) / mean(calm.planMs);
    const { speedup, speedupInterval, leftOutBlocks } = pairedLatency(times);
    expect(leftOutBlocks).toBe(0);
    expect(speedupInterval![0]).toBeLessThan(truth);
    expect(speedupInterval![1]).toBeGreaterThan(truth);
    expect(speedup / truth).toBeCloseTo(1, 1);
    const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length / 2];
    expect(middle(times.backboneMs) / middle(times.planMs) / truth).toBeGreaterThan(1.2);
  });

  it("its 95 % intervals hold the truth about as often, under noise that lasts", () => {
    const trials = 200;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const random = seededRandom(100 + trial);
      const times = run(600, random, 0.1);
      let pace = 0;
      const paces = Array.from({ length: 150 }, () => {
        pace = 0.9 * pace + 0.1 * randomNormal(random);
        return Math.exp(pace);
      });
      const slowed = (ms: number, sample: number) => ms * paces[Math.floor(sample / turnSamples)];
      const { speedupInterval } = pairedLatency({
        ...times,
        backboneMs: times.backboneMs.map(slowed),
        planMs: times.planMs.map(slowed),
      });
      const [low, high] = speedupInterval!;
      const truth = 2 / (0.6 * 0.5 + 0.4 * 2.2);
      if (low <= truth && high >= truth) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.9);
    expect(covered / trials).toBeLessThan(0.99);
  });

  it("counts samples as often as they weigh", () => {
    const exits = [0, 0, 1, 1, 0, 1, 0, 1];
    const planMs = exits.map((exit) => (exit === 0 ? 1 : 3));
    const backboneMs = exits.map(() => 4);
    const counts = exits.map((exit) => (exit === 0 ? 3 : 1));
    const found = pairedLatency({ exits, planMs, backboneMs, turnSamples, counts });
    expect(found.plan.meanMs).toBe((4 * 3 * 1 + 4 * 3) / 16);
    expect(found.speedup).toBe(4 / 1.5);
  });

  it("of one turn there is no interval", () => {
    const found = pairedLatency({ exits: [0, 0], planMs: [1, 1], backboneMs: [2, 2], turnSamples });
    expect(found).toEqual({
      backbone: { meanMs: 2, meanInterval: undefined },
      plan: { meanMs: 1, meanInterval: undefined },
      speedup: 2,
      speedupInterval: undefined,
      blocks: 1,
      leftOutBlocks: 0,
    });
  });
});
