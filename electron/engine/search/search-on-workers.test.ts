import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../shared/base/errors.ts";
import { cancelledError, type Job, silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import { startSearch } from "../../../shared/search/engine/run-search.ts";
import { exact } from "../../../shared/search/exact/exact.ts";
import { wholeWeights } from "../../../shared/space/sample-weights.ts";
import type { SearchSpace } from "../../../shared/space/search-space.ts";
import { syntheticSpace } from "../../../shared/space/testing/synthetic-space.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { StageCache } from "../base/cache.ts";
import { packingRunner } from "../jobs/testing/packing-runner.ts";
import { searchOnWorkers } from "./search-on-workers.ts";
import { workerTask } from "./search-pool.ts";
import { sentSpace } from "./sent-space.ts";
import { shareKind } from "./share-kind.ts";

const settings = {
  algorithm: exact,
  useCase: { latency: "mean" as const },
  budget: Number.POSITIVE_INFINITY,
  seed: 1,
};

const asked = { algorithm: exact.id, useCase: settings.useCase, seed: 1, seconds: 60 };

/** A search that has come as far as its parts. */
async function begun(change: (space: SearchSpace) => SearchSpace = (space) => space) {
  const options = { samples: 3000, positions: 12, maxExits: 3, levels: 16 };
  const space = change(syntheticSpace(seededRandom(2), options));
  const search = startSearch({ space, ...settings });
  let tree = search.split();
  while (!tree) {
    await search.advance({ ...silentJob, isTimeUp: () => true });
    tree = search.split();
  }
  const alone = startSearch({ space, ...settings });
  await alone.advance(silentJob);
  const cache = new StageCache(await temporaryFolder());
  return { space, search, tree, task: workerTask({ space, ...settings }, search.state()), alone, cache };
}

describe("a search that workers share", () => {
  it.each([1, 2, 3])(
    "finds with %i of them what one machine finds, to the last threshold",
    async (places) => {
      const { search, tree, task, alone, cache } = await begun();
      const runner = packingRunner(places);
      await searchOnWorkers(search, tree, task, { runner, cache }, silentJob);
      expect(runner.begun.length).toBeGreaterThan(2 * places);
      expect(tree.progress.exits).toBe(3);
      expect(await search.advance(silentJob)).toBe(true);
      expect(search.result()).toMatchObject({ proven: true, gap: 0, front: alone.result().front });
    },
  );

  it("does so for samples that are weighted and a reference that is another's", async () => {
    const random = seededRandom(9);
    const { search, tree, task, alone, cache } = await begun((space) => ({
      ...space,
      weights: wholeWeights(Float64Array.from({ length: space.samples }, () => 1 + Math.round(2 * random()))),
      referenceCorrect: space.candidates[3].correct,
      leastCorrect: space.candidates[0].correct,
      referenceMs: space.backboneMs,
    }));
    await searchOnWorkers(search, tree, task, { runner: packingRunner(2), cache }, silentJob);
    expect(await search.advance(silentJob)).toBe(true);
    expect(search.result()).toMatchObject({ proven: true, front: alone.result().front });
  });

  it("is the same for any division into shares, in any order, however much of a share is done", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5), { minLength: 24, maxLength: 24 }), async (shareOf) => {
        const { search, tree, task, alone, cache } = await begun();
        while (tree.progress.exits < tree.maxExits) {
          const exits = tree.progress.exits + 1;
          for (const share of [3, 1, 0, 5, 2, 4]) {
            const open = tree.parts.filter((part) => !tree.progress.isDone(part));
            const parts = open.filter((_, at) => shareOf[at % 24] === share || share === 4);
            if (parts.length === 0) continue;
            const subject = { task: { ...task, resume: search.state() }, share: { exits, parts }, space: {} };
            const { value } = await shareKind.run(subject, asked, { job: silentJob, cache });
            search.merge(value);
          }
          tree.progress.finishAll(exits);
        }
        expect(await search.advance(silentJob)).toBe(true);
        expect(search.result().front).toEqual(alone.result().front);
      }),
      { numRuns: 2, seed: 4 },
    );
  });

  it("ends with a worker's own words, and when it is cancelled or its time is up, with what it has", async () => {
    const failing = await begun();
    const runner = packingRunner(2, (job) => {
      if (job === 1) throw new AppError("out-of-memory", "worker-1: too large");
    });
    const workers = { runner, cache: failing.cache };
    await expect(
      searchOnWorkers(failing.search, failing.tree, failing.task, workers, silentJob),
    ).rejects.toMatchObject({ code: "out-of-memory", message: "worker-1: too large" });

    const { search, tree, task, cache } = await begun();
    const own = { runner: packingRunner(2), cache };
    const { evaluations } = search.result();
    const hasMore = () => search.result().evaluations > evaluations;
    const stopping: Job = {
      ...silentJob,
      pause: async () => {
        if (hasMore()) throw cancelledError();
      },
    };
    await expect(searchOnWorkers(search, tree, task, own, stopping)).rejects.toMatchObject({
      code: "cancelled",
    });
    const before = search.result().evaluations;
    await searchOnWorkers(search, search.split()!, task, own, {
      ...silentJob,
      isTimeUp: () => search.result().evaluations > before,
    });
    expect(search.result().proven).toBe(false);
    expect(search.result().evaluations).toBeGreaterThan(before);
  });

  it("doesn't take plans that aren't as good as they are said to be, or parts that nobody asked for", async () => {
    const { search, tree, task, cache } = await begun();
    const share = { exits: tree.progress.exits + 1, parts: tree.parts.slice(0, 4) };
    const subject = { task: { ...task, resume: search.state() }, share, space: sentSpace(task.space) };
    const { value } = await shareKind.run(subject, asked, { job: silentJob, cache });
    const check = (changed: object) =>
      shareKind.check({ value: { ...value, ...changed }, files: {} }, subject, asked);
    expect(value.found.length).toBeGreaterThan(0);
    expect(value.finished).toHaveLength(4);
    expect(() => check({})).not.toThrow();
    const [first] = value.found;
    expect(() => check({ found: [{ ...first, right: first.right + 1 }] })).toThrow(/aren't as good/);
    expect(() => check({ found: [{ ...first, latencyMs: 0.9 * first.latencyMs }] })).toThrow(
      /aren't as good/,
    );
    expect(() => check({ found: [{ ...first, plan: [{ candidate: 999, threshold: 1 }] }] })).toThrow(
      /exits that there aren't/,
    );
    expect(() => check({ finished: [...value.finished, tree.parts[4]] })).toThrow(/weren't asked for/);
    expect(() => check({ finished: [value.finished[0], value.finished[0]] })).toThrow(/one twice/);
  });
});
