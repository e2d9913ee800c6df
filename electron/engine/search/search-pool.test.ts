import { expect, it } from "vitest";
import { cancelledError, type Job, silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import { dealShares } from "../../../shared/search/engine/deal-shares.ts";
import { startSearch } from "../../../shared/search/engine/run-search.ts";
import { exact } from "../../../shared/search/exact/exact.ts";
import { syntheticSpace } from "../../../shared/space/testing/synthetic-space.ts";
import { searchTogether, workerTask } from "./search-pool.ts";

const settings = {
  algorithm: exact,
  useCase: { latency: "mean" as const },
  budget: Number.POSITIVE_INFINITY,
  seed: 1,
};

/** A search that has come as far as its parts. */
async function begun(positions: number, maxExits: number) {
  const space = syntheticSpace(seededRandom(2), { samples: 3000, positions, maxExits, levels: 16 });
  const search = startSearch({ space, ...settings });
  let tree = search.split();
  while (!tree) {
    await search.advance({ ...silentJob, isTimeUp: () => true });
    tree = search.split();
  }
  const task = workerTask({ space, ...settings }, search.state());
  return { space, search, tree, task };
}

it.each([1, 2, 3])(
  "finds on %i threads what a search alone finds, to the last threshold",
  async (threads) => {
    const { space, search, tree, task } = await begun(12, 3);
    const alone = startSearch({ space, ...settings });
    await alone.advance(silentJob);
    const before = search.result();
    expect(before.proven).toBe(false);
    const looks: number[] = [];
    const job: Job = { ...silentJob, report: (done) => void looks.push(done) };
    await searchTogether(search, dealShares(tree, threads), task, threads, job);
    expect(tree.progress.exits).toBe(3);
    expect(await search.advance(silentJob)).toBe(true);
    expect(search.result()).toMatchObject({ proven: true, gap: 0, front: alone.result().front });
    expect(search.result().evaluations).toBeGreaterThan(before.evaluations);
    expect(looks.at(-1)).toBeGreaterThan(before.evaluations);
  },
);

it("ends within a second when it is cancelled or its time is up, with what it has found", async () => {
  const { search, tree, task } = await begun(17, 4);
  const { evaluations, gap } = search.result();
  let reached = Number.POSITIVE_INFINITY;
  const hasEvaluated = (more: number) => {
    if (search.result().evaluations < more) return false;
    reached = Math.min(reached, performance.now());
    return true;
  };
  const cancelled = searchTogether(search, dealShares(tree, 2), task, 2, {
    ...silentJob,
    async pause() {
      if (hasEvaluated(evaluations + 1)) throw cancelledError();
    },
  });
  await expect(cancelled).rejects.toMatchObject({ code: "cancelled" });
  expect(performance.now() - reached).toBeLessThan(1000);
  const between = search.result();

  reached = Number.POSITIVE_INFINITY;
  const isTimeUp = () => hasEvaluated(between.evaluations + 1);
  const again = { ...task, resume: search.state() };
  await searchTogether(search, dealShares(search.split()!, 2), again, 2, { ...silentJob, isTimeUp });
  expect(performance.now() - reached).toBeLessThan(1000);
  const after = search.result();
  expect(after.proven).toBe(false);
  expect(after.evaluations).toBeGreaterThan(between.evaluations);
  expect(after.gap).toBeLessThanOrEqual(gap!);
  expect(after.hypervolume).toBeGreaterThanOrEqual(between.hypervolume);
});

it("says so when a thread dies", async () => {
  const { search, tree, task } = await begun(12, 3);
  const lost = { ...task, algorithm: "nobody" };
  await expect(searchTogether(search, dealShares(tree, 2), lost, 2, silentJob)).rejects.toMatchObject({
    code: "engine-crashed",
    message: expect.stringMatching(/^a thread of the search ended \(.*nobody.*\); run the search again/),
  });
});
