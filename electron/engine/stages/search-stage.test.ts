import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cancelledError, type Job, silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import type { FrontFile } from "../../../shared/files/front-file.ts";
import type { SearchProgress } from "../../../shared/ipc/channels.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { searchOptionsSchema } from "../../../shared/model/stage-options.ts";
import { syntheticSpace } from "../../../shared/space/testing/synthetic-space.ts";
import { profileOf } from "../../../shared/space/testing/test-profile.ts";
import { StageCache } from "../base/cache.ts";
import { startFrontSearch } from "../search/front-search.ts";
import type { SearchInputs } from "../search/search-inputs.ts";
import { tableSearchInputs } from "../search/table-search-inputs.ts";
import { searchFront } from "./search-stage.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-search-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A made-up network's table and profile. */
function madeUpInputs(positions: number, samples: number): SearchInputs {
  const space = syntheticSpace(seededRandom(3), {
    positions,
    samples,
    maxExits: 3,
    levels: 8,
  });
  const { candidates, backboneCorrect } = space;
  const confidence = new Float32Array((positions + 1) * samples).fill(1);
  const correct = new Uint8Array((positions + 1) * samples);
  for (const [row, candidate] of candidates.entries()) {
    confidence.set(candidate.confidence, row * samples);
    correct.set(candidate.correct, row * samples);
  }
  correct.set(backboneCorrect, positions * samples);
  return tableSearchInputs({ exits: positions, samples, confidence, correct }, profileOf(space), "top1");
}

/** The same with a server five times as fast, and a tensor to send at every exit. */
function withServer(inputs: SearchInputs): SearchInputs {
  const faster = (key: string, value: unknown) => (key.endsWith("Ms") ? Number(value) / 5 : value);
  const server: Profile = JSON.parse(JSON.stringify(inputs.profile, faster));
  const places = inputs.exits.map(({ cutPoint, position }) => ({
    tensor: cutPoint,
    position,
    bytes: 5000 - 300 * position,
  }));
  const link = { latencyMs: 0.1, bandwidthMbps: 100 };
  const backbone = {
    sha256: inputs.backboneSha256,
    name: "net.onnx",
    latencies: server,
    input: "image",
    image: { frame: "any", bytes: 20_000 },
    cutPoints: places,
  };
  const offload = { server, link, images: "tensor" as const, backbone, members: [], answerBytes: 40 };
  return { ...inputs, offload };
}

/** Its time is always up: a search does no more than it can't help. */
const hurried: Job = { ...silentJob, isTimeUp: () => true };

function untimed({ searches, ...rest }: FrontFile) {
  return { ...rest, searches: searches.map((search) => ({ ...search, seconds: 0 })) };
}

const small = searchOptionsSchema.parse({
  levels: 16,
  budget: 600,
  seed: 5,
  threads: 1,
  useCase: { maxDropPp: 1 },
});

it.each([
  ["the front, with its alternatives", { goal: "front" }],
  ["the best plan", { goal: "best" }],
  ["a plan with a guarantee", { useCase: { maxDropPp: 2, confidence: 0.9 } }],
  ["the best plan, where none meets the use case", { goal: "best", useCase: { maxLatencyMs: 0.01 } }],
] as const)("stopped at every pause and gone on with finds the same: %s", async (_, wish) => {
  const inputs = madeUpInputs(11, 3000);
  const options = searchOptionsSchema.parse({ ...small, ...wish });
  const straight = startFrontSearch({ inputs, options });
  await straight.advance(silentJob);
  const stopping = startFrontSearch({ inputs, options });
  const gaps: (number | undefined)[] = [];
  do {
    await stopping.advance(hurried);
    const [search] = (await stopping.front(hurried)).searches;
    expect(search.stopped === true).toBe(!search.proven);
    gaps.push(search.gap);
  } while (stopping.isPaused());
  expect(gaps.length).toBeGreaterThan(1);
  expect(gaps.at(-1)).toBe(0);
  expect(Math.max(...gaps.map(Number))).toBeGreaterThan(0);
  expect(untimed(await stopping.front(silentJob))).toEqual(untimed(await straight.front(silentJob)));
});

it("tests for a guarantee on samples apart, the front of the others whatever the goal", async () => {
  const inputs = madeUpInputs(6, 3000);
  const wish = { ...small, compare: false, useCase: { latency: "mean" as const, maxDropPp: 2 } };
  const found = async (more: object) => {
    const search = startFrontSearch({ inputs, options: searchOptionsSchema.parse({ ...wish, ...more }) });
    await search.advance(silentJob);
    return search.front(silentJob);
  };
  const plain = await found({});
  const controlled = await found({ useCase: { ...wish.useCase, confidence: 0.9 } });
  expect(plain.guarantee).toBeUndefined();
  expect(controlled.searches).toHaveLength(1);
  expect(controlled.guarantee).toMatchObject({
    confidence: 0.9,
    maxDropPp: 2,
    controlSamples: 2000,
    holds: true,
  });
  const { drop: surely, ...recommended } = controlled.guarantee!.plain;
  const { drop, ...rest } = plain.recommended;
  expect(recommended).toEqual(rest);
  expect(surely!.upperBoundPp).toBeLessThan(drop!.upperBoundPp);
  expect(controlled.safe).toBeUndefined();
  expect(controlled.recommended.feasible).toBe(true);
  expect(controlled.recommended.figures.latencyMs.mean).toBeGreaterThan(
    plain.recommended.figures.latencyMs.mean,
  );
  const best = await found({ useCase: { ...wish.useCase, confidence: 0.9 }, goal: "best", refine: true });
  expect(best.recommended).toEqual(controlled.recommended);
});

describe("drops on new images", () => {
  const wish = { ...small, compare: false, useCase: { latency: "mean" as const, maxDropPp: 2 } };

  async function found(inputs: ReturnType<typeof madeUpInputs>, more: object = {}) {
    const options = searchOptionsSchema.parse({ ...wish, ...more });
    const search = startFrontSearch({ inputs, options });
    await search.advance(silentJob);
    return search.front(silentJob);
  }

  it("are stated of every plan, and the fastest is named that keeps the wish nearly surely", async () => {
    const front = await found(madeUpInputs(6, 3000));
    expect(front.dropBounds).toMatchObject({ confidence: 0.95 });
    const plans = front.searches[0].front;
    expect(plans.length).toBeGreaterThan(5);
    for (const { accuracy, exits, drop } of plans) {
      const seenPp = 100 * (front.backbone.accuracy - accuracy);
      if (exits.length > 0) expect(drop!.upperBoundPp).toBeGreaterThan(seenPp);
      else expect(drop).toEqual({ upperBoundPp: 0, keptProbability: 1 });
    }
    const { drop, figures } = front.safe!.plan!;
    expect(drop!.keptProbability).toBeGreaterThanOrEqual(0.95);
    expect(drop!.upperBoundPp).toBeLessThanOrEqual(2);
    expect(front.recommended.drop!.keptProbability).toBeLessThan(0.95);
    expect(figures.latencyMs.mean).toBeGreaterThan(front.recommended.figures.latencyMs.mean);
    expect(figures.latencyMs.mean).toBeLessThan(front.backbone.latencyMs);
  });

  it("have no bound where samples are weighted or thresholds fitted to them", async () => {
    const inputs = madeUpInputs(3, 200);
    const weighted = await found({
      ...inputs,
      sampleWeights: Float64Array.from({ length: 200 }, (_, sample) => 1 + (sample % 2)),
    });
    expect(weighted.dropBounds).toEqual({ none: "weights" });
    expect(weighted.recommended.drop).toBeUndefined();
    expect(weighted.safe).toBeUndefined();
    const [table] = inputs.tables.values();
    const profile = {
      ...inputs.profile,
      heads: inputs.profile.heads.map((head) => ({ ...head, policy: "top1-per-class" })),
    };
    const fitted = { ...inputs, profile, tables: new Map([["top1-per-class", table]]) };
    expect((await found(fitted, { policies: ["top1-per-class"] })).dropBounds).toEqual({ none: "per-class" });
  });
});

it("says no more than what it recommends where nothing else is used, and all of it to whoever asks later", async () => {
  const context = { cache: new StageCache(folder), job: silentJob };
  const options = { ...small, compare: false, seed: 71 };
  const task = { inputs: madeUpInputs(4, 600), options };
  const { front } = await searchFront(context, { ...task, onlyRecommends: true });
  expect(front).toMatchObject({ schemes: [], recommended: { feasible: true } });
  for (const absent of [
    front.dropBounds,
    front.safe,
    front.recommended.drop,
    front.searches[0].front[0].drop,
  ])
    expect(absent).toBeUndefined();
  const { front: whole } = await searchFront(context, task);
  expect(whole.dropBounds).toMatchObject({ confidence: 0.95 });
  expect(whole.schemes.length).toBeGreaterThan(0);
  const { drop, ...recommended } = whole.recommended;
  expect(drop!.upperBoundPp).toBeGreaterThan(0);
  expect(front.recommended).toEqual(recommended);
});

it("guarantees nothing of a policy that was fitted to the samples of the test", () => {
  const useCase = { ...small.useCase, confidence: 0.9 };
  const options = { ...small, policies: ["top1-per-class"], useCase };
  expect(() => startFrontSearch({ inputs: madeUpInputs(3, 100), options })).toThrow(
    /policy 'top1-per-class' is fitted to the calibration split/,
  );
});

it("shows how it stands: plans, time that only the search took, and the gap", async () => {
  const looks: SearchProgress[] = [];
  const search = startFrontSearch({
    inputs: madeUpInputs(11, 3000),
    options: { ...small, compare: false },
    watch: (look) => looks.push(look),
  });
  await search.advance(hurried);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await search.advance(silentJob);
  const [first, last] = [looks[0], looks.at(-1)!];
  expect(first.gap).toBeGreaterThan(0);
  expect(last).toMatchObject({ algorithm: "exact", gap: 0 });
  expect(last.evaluations).toBeGreaterThan(first.evaluations);
  const [{ seconds }] = (await search.front(silentJob)).searches;
  expect(last.seconds).toBeLessThanOrEqual(seconds);
  expect(seconds).toBeGreaterThan(first.seconds);
});

it("keeps in the cache what ended, whatever its time limit was", async () => {
  const cache = new StageCache(join(folder, "cache"));
  const inputs = madeUpInputs(11, 3000);
  const options = { ...small, compare: false };
  const stopped = await searchFront({ cache, job: hurried }, { inputs, options });
  expect(stopped.paused?.isPaused()).toBe(true);
  expect(stopped.front.searches[0]).toMatchObject({ proven: false, stopped: true });
  const limited = { ...options, timeLimit: 600 };
  const ended = await searchFront({ cache, job: silentJob }, { inputs, options: limited });
  expect(ended.front.searches[0]).toMatchObject({ proven: true, gap: 0 });
  expect(await searchFront({ cache, job: hurried }, { inputs, options })).toEqual(ended);
});

it.each([
  ["on one target", (inputs: SearchInputs) => inputs],
  ["on two", withServer],
] as const)("goes on in another run where one was stopped or cancelled, %s", async (name, on) => {
  const cache = new StageCache(join(folder, name));
  const inputs = on(madeUpInputs(9, 3000));
  const options = { ...small, maxExits: 4, levels: 12, compare: false };
  const straight = startFrontSearch({ inputs, options });
  await straight.advance(silentJob);
  const whole = await straight.front(silentJob);

  const runs: FrontFile["searches"][number][] = [];
  do {
    // Some pauses a run, and each other run ends by cancelling it.
    let pauses = 0;
    const isOver = () => pauses++ >= 10;
    const cancelled = runs.length % 2 === 1;
    const pause = async () => {
      if (cancelled && isOver()) throw cancelledError();
    };
    const job = { ...silentJob, pause, isTimeUp: () => !cancelled && isOver() };
    const { front } = await searchFront({ cache, job }, { inputs, options }).catch((error) => {
      expect(error).toMatchObject({ code: "cancelled" });
      return searchFront({ cache, job: hurried }, { inputs, options });
    });
    runs.push(front.searches[0]);
  } while (!runs.at(-1)!.proven);
  expect(runs.length).toBeGreaterThan(2);
  for (const column of ["evaluations", "seconds", "hypervolume"] as const) {
    const values = runs.map((run) => run[column]);
    expect(values).toEqual([...values].sort((a, b) => a - b));
  }
  const gaps = runs.map(({ gap }) => gap);
  expect(gaps).toEqual([...gaps].sort((a, b) => b! - a!));
  expect(runs.at(-1)!.front).toEqual(whole.searches[0].front);
});
