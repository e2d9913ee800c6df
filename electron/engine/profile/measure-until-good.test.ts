import { expect, test } from "vitest";
import { cancelledError, silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import type { Profile, ProfileQuality } from "../../../shared/model/profile.ts";
import { syntheticSpace } from "../../../shared/space/testing/synthetic-space.ts";
import { profileOf } from "../../../shared/space/testing/test-profile.ts";
import { measureUntilGood } from "./measure-until-good.ts";

const plain = profileOf(
  syntheticSpace(seededRandom(1), { samples: 10, positions: 2, maxExits: 1, levels: 2 }),
);

/** A world whose clock moves when somebody sleeps, and whose two cores are as busy as `load` says at a moment. */
function worldOf(load: (seconds: number) => number) {
  let nowMs = 0;
  let busyMs = 0;
  const pass = (ms: number) => {
    busyMs += 2 * ms * load(nowMs / 1000);
    nowMs += ms;
  };
  return {
    pass,
    now: () => nowMs,
    sleep: async (ms: number) => pass(ms),
    times: () => ({ busyMs, allMs: 2 * nowMs, ownMs: 0 }),
    clockMhz: () => undefined,
    cores: () => 2,
  };
}

/** Measures one profile of each word, 30 s a profile. */
function measuring(words: readonly ProfileQuality["trust"][], load: (seconds: number) => number) {
  const world = worldOf(load);
  const made: Profile[] = [];
  const startedAt: number[] = [];
  const measure = async () => {
    startedAt.push(world.now() / 1000);
    world.pass(30_000);
    const trust = words[made.length] ?? "poor";
    made.push({ ...plain, id: `p${made.length}`, quality: { trust, reasons: ["a game runs"] } });
    return made.at(-1)!;
  };
  return { world, measure, made, startedAt };
}

test("it is measured again once the machine is calm, until a profile is good", async () => {
  const { world, measure, startedAt } = measuring(["poor", "fair", "good"], (seconds) =>
    seconds < 100 ? 0.9 : 0,
  );
  const notes: string[] = [];
  const job = { ...silentJob, report: (_done: number, _total: number, note = "") => void notes.push(note) };
  const profile = await measureUntilGood(measure, 30, job, world);
  expect(profile.id).toBe("p2");
  // Others are busy until 100 s; a step of waiting takes a quarter of a second.
  expect(startedAt).toEqual([0, 100.25, 130.5]);
  expect(notes).toContain("waiting for a calmer machine: a game runs");
});

test("after ten minutes the best that was made has to do", async () => {
  const { world, measure, made } = measuring(["poor", "fair"], () => 0);
  const profile = await measureUntilGood(measure, 30, silentJob, world);
  expect(profile.id).toBe("p1");
  // 30.25 s each; the 19th ends after 574.5 s, and no other has room.
  expect(made).toHaveLength(19);
  expect(world.now()).toBeLessThanOrEqual(600_000);
});

test("on a machine that is never calm it waits as long as another measurement would fit, and measures once more", async () => {
  const { world, measure, startedAt } = measuring([], () => 1);
  await measureUntilGood(measure, 30, silentJob, world);
  expect(startedAt).toEqual([0, 570]);
});

test("waiting can be cancelled", async () => {
  const { world, measure } = measuring([], () => 1);
  let pauses = 0;
  const pause = async () => {
    if (++pauses > 8) throw cancelledError();
  };
  const waiting = measureUntilGood(measure, 30, { ...silentJob, pause }, world);
  await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
  expect(world.now()).toBe(30_000 + 9 * 250);
});
