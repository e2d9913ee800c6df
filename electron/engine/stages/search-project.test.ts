import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Job, silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import { bigAndLittle } from "../../../shared/chains/testing/made-up-networks.ts";
import type { HeldOutPart } from "../../../shared/cross-fit/join-tables.ts";
import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import type { PlanExit } from "../../../shared/model/plan.ts";
import { searchOptionsSchema } from "../../../shared/model/stage-options.ts";
import { planSpace } from "../../../shared/offload/partition-space.ts";
import { evaluationSpace, type NetworkInputs } from "../../../shared/space/build-space.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import { takeSamples } from "../../../shared/space/split-space.ts";
import { syntheticSpace } from "../../../shared/space/testing/synthetic-space.ts";
import { profileOf } from "../../../shared/space/testing/test-profile.ts";
import { StageCache } from "../base/cache.ts";
import { tablesOn } from "../project/choice-tables.ts";
import { makeProject } from "../project/testing/test-project.ts";
import { checkCrossFit } from "../search/check-cross-fit.ts";
import type { SearchInputs } from "../search/search-inputs.ts";
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

/** Some samples of a network's table, of classes in turns. */
function rowsOf(table: ConfidenceTable, [from, to]: readonly [number, number]): ConfidenceTable {
  const rows = Array.from({ length: table.exits + 1 }, (_, row) => row * table.samples);
  return {
    exits: table.exits,
    samples: to - from,
    confidence: Float32Array.from(rows.flatMap((at) => [...table.confidence.subarray(at + from, at + to)])),
    correct: Uint8Array.from(rows.flatMap((at) => [...table.correct.subarray(at + from, at + to)])),
    labels: Int32Array.from({ length: to - from }, (_, sample) => (from + sample) % 3),
  };
}

describe("halves over several networks", () => {
  const networks = bigAndLittle(seededRandom(9), { samples: 900, positions: 6, maxExits: 2, levels: 8 });
  const ranges = { calibration: [0, 500], test: [500, 900], both: [0, 900] } as const;
  const partOf = <Network extends NetworkInputs>(network: Network, part: HeldOutPart): Network => ({
    ...network,
    tables: new Map([["top1", rowsOf(network.tables.get("top1")!, ranges[part])]]),
  });
  const on = (part: HeldOutPart): SearchInputs => ({
    ...partOf(networks, part),
    members: networks.members?.map((member) => partOf(member, part)),
  });

  /** Share that the backbone has right of a part's samples, class 1 as often as it weighs. */
  function backboneAccuracy(part: HeldOutPart, weight: number): number {
    const [{ exits, samples, correct, labels }] = on(part).tables.values();
    const weights = Array.from(labels!, (label) => (label === 1 ? weight : 1));
    const right = correct.subarray(exits * samples).map((own, sample) => own * weights[sample]);
    const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
    return sum(right) / sum(weights);
  }

  it.each([
    ["alike", { maxDropPp: 1 }, ["little", "big"], 1],
    ["by class", { maxDropPp: 1, classWeights: { 1: 3 } }, ["little", "big"], 3],
    ["where none ends with the backbone", { maxDropPp: 4, maxBytes: 2e6 }, ["little"], 1],
  ])(
    "refer to the backbone on the half that they are reported on, samples weighed %s",
    async (_, useCase, chain, weight) => {
      const { options } = searchWith({ useCase });
      const { front } = await searchProject(context(), { on, options, inputs: on("both") });
      const { halves, pooled } = front.crossFit!;
      const [ofCalibration, ofTest] = halves;
      for (const [half, part] of [
        [ofCalibration, "test"],
        [ofTest, "calibration"],
      ] as const) {
        expect(half.chain).toEqual(chain);
        const { classWeights } = options.useCase;
        const { space } = planSpace({ ...on(part), classWeights }, half);
        const figures = evaluatePlan(space, fromPlanExits(space, half.exits));
        expect(half.figures).toEqual(figures);
        expect(half.backboneAccuracy).toBeCloseTo(backboneAccuracy(part, weight), 9);
        expect(half.accuracyDropPp).toBeCloseTo(100 * (backboneAccuracy(part, weight) - figures.accuracy), 9);
      }
      expect(pooled!.backboneAccuracy).toBeCloseTo(backboneAccuracy("both", weight), 9);
      expect(pooled!.accuracyDropPp).toBeCloseTo(100 * (pooled!.backboneAccuracy - pooled!.accuracy), 9);
      const wishKept = 100 * (front.backbone.accuracy - front.recommended.figures.accuracy);
      expect(wishKept).toBeLessThanOrEqual(useCase.maxDropPp + 1e-9);
    },
  );
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
