import { describe, expect, it, test } from "vitest";
import { randomNormal, seededRandom } from "../../../../shared/base/random.ts";
import { type Fit, fitLatencies } from "./fit-latencies.ts";
import { calm, type Disturbance, measureKnown, tenCuts } from "./testing/synthetic-rounds.ts";

const { backboneMs, finalMs, prefixMs, headMs, branchMs } = tenCuts;
const truth = {
  prefixes: prefixMs.map((ms) => ms / backboneMs),
  heads: headMs.map((ms) => (ms + branchMs) / backboneMs),
  branch: branchMs / backboneMs,
};

/** Errors of all prefixes, heads and the branch, per cent of the backbone's latency. */
function errorsPct({ prefixes, heads, branch }: Fit): number[] {
  return [
    ...truth.prefixes.map((ratio, cut) => 100 * Math.abs(prefixes.get(cut)!.ratio - ratio)),
    ...truth.heads.map((ratio, exit) => 100 * Math.abs(heads[exit][0].ratio - ratio)),
    100 * Math.abs(branch!.ratio - truth.branch),
  ];
}

function fitOf(rounds: number, disturb: Disturbance, seed = 1): Fit {
  return fitLatencies([measureKnown(tenCuts, rounds, seededRandom(seed), disturb)], seededRandom(seed));
}

/** Whether a machine is disturbed at a moment, in spells of so many ms, a share of all. */
function spells(lengthMs: number, share: number): (atMs: number) => boolean {
  return (atMs) => seededRandom(Math.floor(atMs / lengthMs))() < share;
}

const isBurst = spells(300, 0.3);
const disturbances: Readonly<Record<string, Disturbance>> = {
  "nothing else": calm,
  "bursts that slow a third of all spells by a half": (needs, at, random) =>
    calm(needs, at, random) * (isBurst(at) ? 1.5 : 1),
  "a clock that falls by a third half way": (needs, at, random) =>
    calm(needs, at, random) * (at > 4000 ? 1.5 : 1),
  "a spinner that doubles a third of the runs": (needs, at, random) =>
    calm(needs, at, random) * (random() < 0.33 ? 2 : 1),
  "time slices of 4 ms lost, the likelier the longer a run": (needs, at, random) =>
    calm(needs, at, random) + (random() < needs / 4 ? 4 : 0),
};

describe.each(Object.entries(disturbances))("beside %s", (_name, disturb) => {
  it("prefixes and heads come within 1 % of the backbone's latency of what they are", () => {
    const errors = errorsPct(fitOf(60, disturb));
    expect(errors).toHaveLength(21);
    expect(Math.max(...errors)).toBeLessThan(1);
  });

  it("says the same for the same times and seed", () => {
    expect(fitOf(12, disturb)).toEqual(fitOf(12, disturb));
  });
});

test("medians of the same times would be off by many times as much where time slices are lost", () => {
  const { backbone, exits } = measureKnown(
    tenCuts,
    60,
    seededRandom(1),
    disturbances["time slices of 4 ms lost, the likelier the longer a run"],
  );
  const middle = (timings: readonly { readonly ms: number }[]) =>
    timings.map(({ ms }) => ms).sort((a, b) => a - b)[timings.length >> 1];
  const errors = exits.map(({ leave }, cut) =>
    Math.abs(middle(leave) / middle(backbone) - truth.prefixes[cut] - truth.heads[cut]),
  );
  expect(100 * Math.max(...errors)).toBeGreaterThan(10);
});

test("intervals of 95 % hold what they say, over prefixes and trials", () => {
  const noisy: Disturbance = (needs, _at, random) => needs * Math.exp(0.15 * Math.abs(randomNormal(random)));
  let [held, all] = [0, 0];
  for (let seed = 0; seed < 40; seed++) {
    const { prefixes, heads } = fitOf(30, noisy, seed);
    truth.prefixes.forEach((ratio, cut) => {
      const estimate = prefixes.get(cut)!;
      // Long runs are disturbed as short ones are, so all are lengthened by the same factor.
      if (Math.abs(estimate.ratio - ratio) <= estimate.halfWidth) held++;
      all++;
    });
    expect(heads).toHaveLength(10);
  }
  expect(held / all).toBeGreaterThan(0.9);
  expect(held / all).toBeLessThan(1);
});

test("intervals shrink with the rounds, and are unknown of too few", () => {
  const widest = (rounds: number) =>
    Math.max(...[...fitOf(rounds, calm).prefixes.values()].map(({ halfWidth }) => halfWidth));
  expect(widest(160)).toBeLessThan(widest(12) / 2);
  expect(widest(2)).toBe(Number.POSITIVE_INFINITY);
});

test("prefixes never fall, and none exceeds the final stage", () => {
  const wild: Disturbance = (needs, _at, random) => needs * Math.exp(0.6 * Math.abs(randomNormal(random)));
  for (let seed = 1; seed < 6; seed++) {
    const { prefixes, final, heads } = fitOf(10, wild, seed);
    const ratios = [...prefixes.values()].map(({ ratio }) => ratio);
    expect(ratios).toEqual([...ratios].sort((a, b) => a - b));
    expect(Math.max(...ratios)).toBeLessThanOrEqual(final.ratio);
    for (const [{ ratio }] of heads) expect(ratio).toBeGreaterThanOrEqual(0);
  }
});

test("groups that were measured one after the other count beside their own runs of the backbone", () => {
  const first = measureKnown(tenCuts, 40, seededRandom(1));
  const slower = measureKnown(
    tenCuts,
    40,
    seededRandom(2),
    (needs, at, random) => 1.7 * calm(needs, at, random),
  );
  const halves = [
    { ...first, exits: first.exits.slice(0, 5) },
    { ...slower, exits: slower.exits.slice(5) },
  ];
  const fit = fitLatencies(halves, seededRandom(1));
  expect(Math.max(...errorsPct(fit))).toBeLessThan(1);
  expect(fit.final.ratio).toBeCloseTo(finalMs / backboneMs, 2);
});

test("another policy differs by its decision, and a network without exits has neither prefixes nor heads", () => {
  const group = measureKnown(tenCuts, 40, seededRandom(3));
  const slower = group.decisions[0].map((timing) => ({ ...timing, ms: timing.ms + 0.01 }));
  const { heads } = fitLatencies([{ ...group, decisions: [group.decisions[0], slower] }], seededRandom(1));
  for (const [first, second] of heads) expect(second.ratio - first.ratio).toBeCloseTo(0.01 / backboneMs, 4);
  const bare = fitLatencies([{ ...group, exits: [] }], seededRandom(1));
  expect([bare.prefixes.size, bare.heads]).toEqual([0, []]);
  expect(bare.final.ratio).toBeCloseTo(finalMs / backboneMs, 2);
});

test("the drift is how far the pace changed", () => {
  const slowing: Disturbance = (needs, at, random) => calm(needs, at, random) * (at > 4000 ? 1.5 : 1);
  expect(fitOf(80, slowing).drift).toBeGreaterThan(0.4);
  expect(fitOf(80, slowing).drift).toBeLessThan(0.6);
  expect(fitOf(80, calm).drift).toBeLessThan(0.05);
});
