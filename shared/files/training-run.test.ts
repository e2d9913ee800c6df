import { expect, test } from "vitest";
import { trainOptionsSchema } from "../model/stage-options.ts";
import {
  type EndedRun,
  lastAccuracy,
  meanAccuracy,
  ratedHeads,
  trainingRunSchema,
  withRun,
} from "./training-run.ts";

function ended(seed: number, rest: Partial<EndedRun> = {}): EndedRun {
  return {
    startedAt: `2025-01-01T00:00:${String(seed).padStart(2, "0")}.000Z`,
    seconds: seed,
    options: {
      heads: [{ kind: "gap-linear", options: {} }],
      training: trainOptionsSchema.parse({ seed }),
      splits: {},
    },
    heads: ["a", "b"].map((cutPoint, at) => ({
      cutPoint,
      kind: "gap-linear",
      epochs: [{ epoch: 1, trainLoss: 1, loss: 0.5, accuracy: 0.5 }],
      accuracy: 0.5 + at / 4,
    })),
    ...rest,
  };
}

const epochs = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ epoch: at + 1, trainLoss: 1, loss: null, accuracy: 0 }));

test("runs are numbered from 1, and read back as they were kept", () => {
  const runs = withRun(withRun([], ended(1)), ended(2));
  expect(runs.map(({ number, options }) => [number, options.training.seed])).toEqual([
    [1, 1],
    [2, 2],
  ]);
  expect(trainingRunSchema.parse(JSON.parse(JSON.stringify(runs[0])))).toEqual(runs[0]);
  expect(withRun(runs, undefined)).toEqual(runs);
  expect(meanAccuracy(runs[0])).toBe(0.625);
  expect(lastAccuracy(runs[0])).toBe(0.75);
  const further = { ...runs[0].heads[0], network: "n", accuracy: 1 };
  expect(lastAccuracy({ heads: [...runs[0].heads, further] })).toBe(0.75);
});

test("the same training again is the same run, the latest, with the time that learning took", () => {
  const runs = [ended(7), ended(8)].reduce(withRun, [] as ReturnType<typeof withRun>);
  const again = withRun(runs, { ...ended(7), startedAt: "2025-06-01T00:00:00.000Z", seconds: 0.1 });
  expect(again.map(({ number, seconds, startedAt }) => [number, seconds, startedAt.slice(0, 7)])).toEqual([
    [2, 8, "2025-01"],
    [1, 7, "2025-06"],
  ]);
  expect(withRun(again, ended(9)).at(-1)?.number).toBe(3);
});

test("the oldest are forgotten, and their numbers with them", () => {
  let runs = withRun([], ended(1));
  for (let seed = 2; seed <= 23; seed++) runs = withRun(runs, ended(seed));
  expect(runs).toHaveLength(20);
  expect([runs[0].number, runs[19].number]).toEqual([4, 23]);
});

test("curves of many heads and epochs are thinned to their shape", () => {
  const heads = Array.from({ length: 100 }, (_, at) => ({
    cutPoint: String(at),
    kind: "k",
    epochs: epochs(1000),
    accuracy: 0,
  }));
  const [{ heads: kept }] = withRun([], ended(1, { heads }));
  const shown = kept[99].epochs.map(({ epoch }) => epoch);
  expect([shown.length, shown[0], shown[1], shown[59]]).toEqual([60, 1, 18, 1000]);
});

test("heads that nothing is known of are left out", () => {
  const [a, b] = ended(1).heads.map(({ accuracy: _, ...curve }) => curve);
  const known = new Map([['["network","a","gap-linear"]', 0.75]]);
  expect(ratedHeads([{ ...a, network: "network" }, a, b], known)).toEqual([
    { ...a, network: "network", accuracy: 0.75 },
  ]);
});

test("a run with numbers that none can have is refused", () => {
  const [run] = withRun([], ended(1));
  const refused = (change: object) => !trainingRunSchema.safeParse({ ...run, ...change }).success;
  expect(refused({ number: 0 })).toBe(true);
  expect(refused({ seconds: Number.POSITIVE_INFINITY })).toBe(true);
  expect(refused({ startedAt: "yesterday" })).toBe(true);
  expect(refused({ heads: [{ ...run.heads[0], epochs: epochs(1001) }] })).toBe(true);
  expect(refused({})).toBe(false);
});
