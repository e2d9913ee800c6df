import fc from "fast-check";
import { expect, test } from "vitest";
import { type Job, silentJob } from "../../base/job.ts";
import { seededRandom, shuffle } from "../../base/random.ts";
import type { PlacedExit } from "../../evaluate/sweep.ts";
import { ragbagSpace, syntheticSpace } from "../../space/testing/synthetic-space.ts";
import { thresholdGrid } from "../../space/threshold-grid.ts";
import { exact } from "../exact/exact.ts";
import { dealShares, type SearchShare } from "./deal-shares.ts";
import { recommend } from "./recommend.ts";
import { startSearch } from "./run-search.ts";
import { createProgress } from "./search-progress.ts";
import { searchStateSchema } from "./search-state.ts";
import type { SearchTask } from "./search-task.ts";

/** Its time is always up: a search does no more than it can't help. */
const hurried: Job = { ...silentJob, isTimeUp: () => true };
const unlimited = { budget: Number.POSITIVE_INFINITY, seed: 1 };

const parts = [0, 1, 2, 3, 4].map((level): PlacedExit => ({ candidate: 7, level }));

test("deals the parts in their order, and plans of one more exit once all shorter ones are seen", () => {
  const progress = createProgress({ exits: 2, done: [parts[1]] });
  const deal = dealShares({ parts, progress, maxExits: 4 }, 2);
  const first = [deal(), deal(), deal(), deal()];
  expect(first.map((share) => [share?.exits, share?.parts.map(({ level }) => level)])).toEqual([
    [3, [0]],
    [3, [2]],
    [3, [3]],
    [3, [4]],
  ]);
  expect(deal()).toBeUndefined();
  for (const share of first.slice(1)) for (const part of share!.parts) progress.finish(part);
  expect(deal()).toBeUndefined();
  progress.finish(parts[0]);
  expect(deal()).toEqual({ exits: 4, parts: [parts[0]] });
  expect(progress.record()).toEqual({ exits: 3, done: [] });
});

test("shares shrink from eight parts as fewer are left", () => {
  const many = Array.from({ length: 100 }, (_, level): PlacedExit => ({ candidate: 0, level }));
  const progress = createProgress({ exits: 2, done: [] });
  const deal = dealShares({ parts: many, progress, maxExits: 3 }, 1);
  const sizes: number[] = [];
  for (let share = deal(); share; share = deal()) sizes.push(share.parts.length);
  expect(sizes.slice(0, 6)).toEqual([8, 8, 8, 8, 8, 8]);
  expect(sizes.at(-1)).toBe(1);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(100);
});

/** Deals all plans of more than two exits to several; whoever is drawn does a little, and what one finds is merged by the others. */
async function searchTogether(task: SearchTask, workers: number, seed: number) {
  const { space } = task;
  const random = seededRandom(seed);
  const short = startSearch({ ...task, space: { ...space, maxExits: 2 } });
  await short.advance(silentJob);
  const found = short
    .result()
    .front.map(({ exits, right, latencyMs }) => ({ right, latencyMs, plan: exits }));
  const state = { exits: 2, done: [], evaluations: 1, found };
  const begin = () => startSearch({ ...task, resume: state });
  const collector = begin();
  const pool = Array.from({ length: workers }, () => ({
    search: begin(),
    share: undefined as SearchShare | undefined,
  }));
  // A price carries bounds from level to level, so a part is all levels then.
  const isPriced = task.goal === "best" && task.useCase.latency === "mean";
  const allParts = thresholdGrid(space).flatMap((levels, candidate) =>
    isPriced ? [{ candidate }] : [...levels.keys()].map((level) => ({ candidate, level })),
  );
  const progress = createProgress(state);
  const deal = dealShares({ parts: shuffle(allParts, random), progress, maxExits: space.maxExits }, workers);
  for (;;) {
    for (const worker of pool.filter(({ share }) => !share)) {
      worker.share = deal();
      if (worker.share) worker.search.assign(worker.share);
    }
    const busy = pool.filter(({ share }) => share);
    if (busy.length === 0) break;
    const worker = busy[Math.floor(random() * busy.length)];
    const isDone = await worker.search.advance(hurried);
    const update = worker.search.takeUpdate();
    collector.merge(update);
    for (const other of pool)
      if (other !== worker) other.search.merge({ ...update, finished: [], evaluations: 0 });
    if (!isDone) continue;
    for (const first of worker.share!.parts) progress.finish(first);
    worker.share = undefined;
  }
  expect(progress.exits).toBe(space.maxExits);
  return collector.result();
}

const wishes = fc.record({
  latency: fc.constantFrom("mean" as const, "p50" as const, "p95" as const),
  maxDropPp: fc.integer({ min: 0, max: 20 }),
});

const shapes = fc.record({
  samples: fc.integer({ min: 1, max: 60 }),
  positions: fc.integer({ min: 1, max: 5 }),
  maxExits: fc.integer({ min: 2, max: 4 }),
  levels: fc.integer({ min: 1, max: 4 }),
});

test.each([
  ["full of ties", ragbagSpace],
  ["like a network", syntheticSpace],
])("any number find the very plans that one finds, in spaces %s", async (_, makeSpace) => {
  const workers = fc.integer({ min: 1, max: 3 });
  await fc.assert(
    fc.asyncProperty(fc.nat(), shapes, workers, wishes, async (seed, shape, count, useCase) => {
      const space = makeSpace(seededRandom(seed), shape);
      const task = { space, algorithm: exact, useCase, ...unlimited };
      const alone = startSearch(task);
      await alone.advance(silentJob);
      const { front } = await searchTogether(task, count, seed);
      expect(front).toEqual(alone.result().front);
      const wanted = recommend(space, front, useCase);
      const best = await searchTogether({ ...task, goal: "best" }, count, seed);
      if (wanted.feasible) expect(recommend(space, best.front, useCase).point).toEqual(wanted.point);
    }),
    { numRuns: 150 },
  );
});

test("several with pauses in between find what one finds", async () => {
  const space = syntheticSpace(seededRandom(4), { samples: 4000, positions: 7, maxExits: 4, levels: 10 });
  const settings = { useCase: { latency: "mean" as const }, ...unlimited };
  const alone = startSearch({ space, algorithm: exact, ...settings });
  await alone.advance(silentJob);
  const together = await searchTogether({ space, algorithm: exact, ...settings }, 3, 1);
  expect(together.front).toEqual(alone.result().front);
  // What every worker has evaluated is counted, and none goes over another's part.
  expect(together.evaluations).toBeLessThan(1.5 * alone.result().evaluations);
});

test("goes on from where another search was left, and repeats nothing that was done", async () => {
  const space = syntheticSpace(seededRandom(3), { samples: 4000, positions: 9, maxExits: 4, levels: 12 });
  const settings = { useCase: { latency: "mean" as const }, ...unlimited };
  const whole = startSearch({ space, algorithm: exact, ...settings });
  await whole.advance(silentJob);
  const left = startSearch({ space, algorithm: exact, ...settings });
  while ((left.state()?.exits ?? 0) < 3 || left.state()!.done.length < 20) await left.advance(hurried);
  const state = searchStateSchema.parse(JSON.parse(JSON.stringify(left.state())));

  const done = new Set(state.done.map(({ candidate, level }) => `${candidate}/${level}`));
  let repeated = 0;
  const watch = {
    evaluated: ({ sweep: { prefix } }: { sweep: { prefix: readonly PlacedExit[] } }) => {
      if (prefix.length > 0 && done.has(`${prefix[0].candidate}/${prefix[0].level}`)) repeated++;
    },
    paused: () => {},
  };
  const next = startSearch({ space, algorithm: exact, ...settings, observer: watch, resume: state });
  expect(next.result().front).toEqual(left.result().front);
  await next.advance(hurried);
  expect(next.result().gap).toBeLessThanOrEqual(left.result().gap!);
  await next.advance(silentJob);
  expect(repeated).toBe(0);
  expect(next.result().proven).toBe(true);
  expect(next.result().front).toEqual(whole.result().front);
  expect(next.result().evaluations).toBeLessThan(1.2 * whole.result().evaluations);
});
