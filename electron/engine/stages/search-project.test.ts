import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Job, silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import type { HeldOutPart } from "../../../shared/cross-fit/join-tables.ts";
import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import type { PlanExit } from "../../../shared/model/plan.ts";
import { searchOptionsSchema } from "../../../shared/model/stage-options.ts";
import { evaluationSpace } from "../../../shared/space/build-space.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import { takeSamples } from "../../../shared/space/split-space.ts";
import { syntheticSpace } from "../../../shared/space/testing/synthetic-space.ts";
import { profileOf } from "../../../shared/space/testing/test-profile.ts";
import { StageCache } from "../base/cache.ts";
import { tablesOn } from "../project/choice-tables.ts";
import { makeProject } from "../project/testing/test-project.ts";
import { checkCrossFit } from "../search/check-cross-fit.ts";
import { tableSearchInputs } from "../search/table-search-inputs.ts";
import { type ProjectSearch, projectSearch, searchProject } from "./search-project.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-cross-fit-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const positions = 5;
const world = syntheticSpace(seededRandom(11), { positions, samples: 900, maxExits: 2, levels: 8 });

/** Samples from..to as a split's table, of classes in turns. */
function tableOf(from: number, to: number): ConfidenceTable {
  const order = Uint32Array.from({ length: to - from }, (_, at) => from + at);
  const { candidates, backboneCorrect, samples } = takeSamples(world, order);
  const rows = [...candidates.map(({ correct }) => correct), backboneCorrect];
  return {
    exits: positions,
    samples,
    confidence: Float32Array.from([
      ...candidates.flatMap(({ confidence }) => [...confidence]),
      ...new Float32Array(samples),
    ]),
    correct: Uint8Array.from(rows.flatMap((row) => [...row])),
    labels: Int32Array.from(order, (sample) => sample % 3),
  };
}

const tables = {
  calibration: new Map([["top1", tableOf(0, 500)]]),
  test: new Map([["top1", tableOf(500, 900)]]),
};

function searchWith(wish: object): ProjectSearch {
  const options = searchOptionsSchema.parse({
    levels: 8,
    maxExits: 2,
    threads: 1,
    compare: false,
    crossFit: true,
    useCase: { maxDropPp: 1 },
    ...wish,
  });
  const on = (part: HeldOutPart) =>
    tableSearchInputs(tablesOn(tables, part).get("top1")!, profileOf(world), "top1");
  return { on, options, inputs: on("both") };
}

const context = (job: Job = silentJob) => ({ cache: new StageCache(folder), job });

/** The figures of a plan on one half. */
function onHalf(
  { inputs, options }: ProjectSearch,
  half: "calibration" | "test",
  exits: readonly PlanExit[],
) {
  const { classWeights } = options.useCase;
  const space = evaluationSpace({ ...inputs, tables: tables[half], classWeights });
  return evaluatePlan(space, fromPlanExits(space, exits));
}

describe("halves that take turns", () => {
  it.each([
    ["the whole front", {}],
    ["the best plan alone", { goal: "best" }],
    ["thresholds off the grid", { refine: true }],
    ["weighted classes", { useCase: { maxDropPp: 1, classWeights: { 1: 3 } } }],
  ])("report each plan on the half that it wasn't chosen on: %s", async (_, wish) => {
    const search = searchWith(wish);
    const { front } = await searchProject(context(), search);
    expect(front.samples).toBe(900);
    const { halves, pooled, calibrationSamples, testSamples } = front.crossFit!;
    expect([calibrationSamples, testSamples]).toEqual([500, 400]);
    expect(halves.map(({ chosenOn, samples }) => [chosenOn, samples])).toEqual([
      ["calibration", 400],
      ["test", 500],
    ]);
    const [ofCalibration, ofTest] = halves;
    expect(ofCalibration.figures).toEqual(onHalf(search, "test", ofCalibration.exits));
    expect(ofTest.figures).toEqual(onHalf(search, "calibration", ofTest.exits));
    // On its own half a plan keeps to the wish, and it is what a search of that half alone recommends.
    const { accuracy } = onHalf(search, "calibration", ofCalibration.exits);
    expect(100 * (onHalf(search, "calibration", []).accuracy - accuracy)).toBeLessThanOrEqual(1 + 1e-9);
    if (!search.options.useCase.classWeights)
      expect(pooled!.accuracy).toBeCloseTo(
        (400 * ofCalibration.figures.accuracy + 500 * ofTest.figures.accuracy) / 900,
        12,
      );
    expect(pooled!.weighted === undefined).toBe(search.options.useCase.classWeights === undefined);
    expect((await searchProject(context(), search)).front).toEqual(front);
  });

  it("have no turn once the person stops the search, and have it when it goes on", async () => {
    const search = searchWith({ seed: 2 });
    const stopped = await searchProject(context({ ...silentJob, isTimeUp: () => true }), search);
    expect(stopped.front.crossFit).toEqual({ calibrationSamples: 500, testSamples: 400, halves: [] });
    const { front } = await searchProject(context(), search, stopped.paused);
    expect(front.crossFit?.pooled).toBeDefined();
  });

  it("leave searches of one split as they are", async () => {
    const { crossFit: _none, ...options } = searchWith({}).options;
    const { front } = await searchProject(context(), { ...searchWith({}), options });
    expect(front.crossFit).toBeUndefined();
  });
});

describe("checkCrossFit", () => {
  const options = searchWith({}).options;
  it.each([
    [
      "training images",
      options,
      { calibrationFrom: "train" as const },
      /--calibration-from train\), and report nothing/,
    ],
    [
      "a guarantee",
      { ...options, useCase: { ...options.useCase, confidence: 0.95 } },
      {},
      /leave out --cross-fit or --confidence/,
    ],
    [
      "thresholds per class",
      { ...options, policies: ["top1-per-class"] },
      {},
      /'top1-per-class' is fitted to the calibration split/,
    ],
  ])("refuses %s in plain words", (_, search, splits, message) => {
    expect(() => checkCrossFit(search, splits)).toThrow(message);
    expect(() => checkCrossFit({ ...search, crossFit: undefined }, splits)).not.toThrow();
  });

  it("knows how a stored project's data was divided", async () => {
    const project = await makeProject();
    const data = { ...project.data!, splitOptions: { calibrationFrom: "train" } };
    const [profile] = project.profiles;
    expect(() => projectSearch({ ...project, data }, profile, options)).toThrow(/train with held-out ones/);
    expect(projectSearch(project, profile, options).inputs.tables.get("top1")?.samples).toBeGreaterThan(0);
  });
});
