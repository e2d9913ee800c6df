import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cancelledError, type Job, silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import { thresholdLevels } from "../../../shared/space/threshold-grid.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { confidenceTables, tableRow } from "../calibrate/confidence-table.ts";
import { computeExitLogits } from "../calibrate/exit-logits.ts";
import { memorySplit } from "../dataset/testing/memory-split.ts";
import { assembleDesign } from "../export/design.ts";
import { singleFile } from "../export/single-file.ts";
import { staged } from "../export/staged.ts";
import { gapLinear } from "../heads/gap-linear.ts";
import { untrainedHeads } from "../heads/head.ts";
import type { HeadKind } from "../heads/head-kind.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { decodeModel, encodeModel } from "../onnx/codec.ts";
import { type RuntimeTensor, runtimeTensor } from "../onnx/runtime.ts";
import { importProto, noiseImages } from "../onnx/testing/test-backbone.ts";
import { residualNet } from "../onnx/testing/test-graphs.ts";
import { plainPolicies } from "../policies/index.ts";
import { type DeployedNetwork, openDeployed } from "./deployed-network.ts";
import { predictedByPlan, type VerifyInputs, verifyModel } from "./verify-model.ts";

const samples = 30;
const target = { provider: "cpu", threads: 1 };
const temperatures = [1.5, 0.7, 1.25, 2];

let root: string;
let backbone: Backbone;
let images: Float32Array[];
let plan: Plan;
/** What tables and plan say, sample by sample; worked out here, not by the evaluator. */
let exits: number[];
let answers: number[];
let backboneAnswers: number[];

/** A network of three exits, of which the plan takes the first and the last; each lets half of the samples leave. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "offramp-verify-"));
  backbone = await importProto(residualNet(3));
  images = noiseImages(backbone, samples, seededRandom(6));
  const heads = untrainedHeads(backbone, [{ kind: gapLinear as HeadKind, options: {} }]);
  const logits = join(root, "logits");
  await mkdir(logits);
  const unlabelled = memorySplit({ images, labels: images.map(() => 0) });
  await computeExitLogits(backbone, heads, unlabelled, logits, silentJob);
  const tables = await confidenceTables(logits, temperatures, 5, plainPolicies, silentJob);
  const early = tableRow(tables.get("top1")!, 0).confidence;
  const late = tableRow(tables.get("margin")!, 2).confidence;
  const [earlyThreshold] = thresholdLevels(early, 2);
  const [lateThreshold] = thresholdLevels(late, 2);
  plan = {
    format: "offramp-plan",
    version: 1,
    backboneSha256: backbone.summary.sha256,
    exits: [
      { cutPoint: heads[0].cutPoint, head: heads[0].kind, policy: "top1", threshold: earlyThreshold },
      { cutPoint: heads[2].cutPoint, head: heads[2].kind, policy: "margin", threshold: lateThreshold },
    ],
  };
  const { predicted } = tables.get("top1")!;
  exits = images.map((_, sample) =>
    early[sample] >= earlyThreshold ? 0 : late[sample] >= lateThreshold ? 1 : 2,
  );
  answers = exits.map((exit, sample) => predicted![[0, 2, 3][exit] * samples + sample]);
  backboneAnswers = images.map((_, sample) => predicted![3 * samples + sample]);
  const calibrated = heads.map((head, index) => ({
    head,
    temperature: temperatures[index],
    classOffsets: new Map(),
  }));
  const design = assembleDesign(backbone, calibrated, temperatures[3], plan);
  for (const format of [singleFile, staged]) await format.write(design, root);
});
afterAll(() => rm(root, { recursive: true }));

/** Every third sample's class is what the plan answers, the others' what the backbone answers. */
function labels(): number[] {
  return answers.map((answer, sample) => (sample % 3 === 0 ? answer : backboneAnswers[sample]));
}

function inputsOf(deployed: DeployedNetwork, changes: Partial<VerifyInputs> = {}): VerifyInputs {
  return {
    backbone: backbone.summary,
    backboneFile: encodeModel(backbone.proto),
    deployed,
    test: memorySplit({ images, labels: labels() }),
    plan,
    expected: { exit: Uint8Array.from(exits), predicted: Int32Array.from(answers) },
    ...changes,
  };
}

/** A network that answers each image as the tables say, and counts how often it is asked. */
function fakeNetwork(): DeployedNetwork & { asked: number } {
  const network = {
    asked: 0,
    run: async ({ data }: RuntimeTensor) => {
      network.asked++;
      const sample = images.findIndex((image) => image.every((pixel, index) => pixel === data[index]));
      const scores = Float32Array.from({ length: 5 }, (_, index) => Number(index === answers[sample]));
      return { logits: runtimeTensor("float32", scores, [1, 5]), exit: exits[sample] };
    },
    release: async () => {},
  };
  return network;
}

const share = (count: number) => count / samples;
const countOf = (test: (sample: number) => boolean) => images.filter((_, sample) => test(sample)).length;

it("has samples at every exit, and plan and backbone each right alone on some", () => {
  for (const exit of [0, 1, 2]) expect(exits.filter((taken) => taken === exit).length).toBeGreaterThan(2);
  const truth = labels();
  expect(countOf((s) => answers[s] === truth[s] && backboneAnswers[s] !== truth[s])).toBeGreaterThan(0);
  expect(countOf((s) => answers[s] !== truth[s] && backboneAnswers[s] === truth[s])).toBeGreaterThan(0);
});

describe.each([
  ["one file", singleFile.target],
  ["stages", staged.target],
])("a network exported as %s", (_name, file) => {
  it("decides as the tables say on every sample, and its accuracy is counted", async () => {
    const deployed = await openDeployed(join(root, file), plan, target);
    const found = await verifyModel(inputsOf(deployed), target, silentJob);
    await deployed.release();
    const truth = labels();
    expect(found.samples).toBe(samples);
    expect(found.decisionAgreement).toBe(1);
    expect(found.plan.exitRates).toEqual([0, 1, 2].map((exit) => share(countOf((s) => exits[s] === exit))));
    expect(found.plan.accuracy).toBe(share(countOf((s) => answers[s] === truth[s])));
    expect(found.backbone.accuracy).toBe(share(countOf((s) => backboneAnswers[s] === truth[s])));
    expect(found.accuracyDropPp).toBeCloseTo(100 * (found.backbone.accuracy - found.plan.accuracy), 10);
    const differ = share(countOf((s) => (answers[s] === truth[s]) !== (backboneAnswers[s] === truth[s])));
    const variance = (differ - (found.accuracyDropPp / 100) ** 2) / samples;
    expect(found.accuracyDropHalfWidthPp).toBeCloseTo(196 * Math.sqrt(variance), 2);
  });

  it("is timed sample by sample", async () => {
    const deployed = await openDeployed(join(root, file), plan, target);
    const {
      latenciesMs,
      plan: own,
      backbone: plain,
    } = await verifyModel(inputsOf(deployed), target, silentJob);
    await deployed.release();
    for (const [times, { latencyMs }] of [
      [latenciesMs.plan, own],
      [latenciesMs.backbone, plain],
    ] as const) {
      expect(times).toHaveLength(samples);
      const sorted = [...times].sort((a, b) => a - b);
      expect(sorted[0]).toBeGreaterThan(0);
      expect(latencyMs.worst).toBeCloseTo(sorted[29], 4);
      // Nearest rank: 15th and 29th of 30.
      expect(latencyMs.p50).toBeCloseTo(sorted[14], 4);
      expect(latencyMs.p95).toBeCloseTo(sorted[28], 4);
      expect(latencyMs.mean).toBeCloseTo(sorted.reduce((sum, time) => sum + time, 0) / samples, 4);
    }
  });
});

describe("verification", () => {
  it("counts samples whose exit or class is not the tables'", async () => {
    const exit = Uint8Array.from(exits, (taken, sample) => (sample < 6 ? (taken + 1) % 3 : taken));
    const predicted = Int32Array.from(answers, (answer, sample) =>
      sample >= 27 ? (answer + 1) % 5 : answer,
    );
    const agreement = async (expected: VerifyInputs["expected"]) =>
      (await verifyModel(inputsOf(fakeNetwork(), { expected }), target, silentJob)).decisionAgreement;
    expect(await agreement({ exit, predicted })).toBe(21 / 30);
    expect(await agreement({ exit, predicted: undefined })).toBe(24 / 30);
  });

  it("leaves unreadable images out, even a whole batch of them", async () => {
    const many = [...Array.from({ length: 256 }, () => images[0]), ...images];
    const truth = [...Array.from({ length: 256 }, () => 0), ...labels()];
    const unreadable = Array.from({ length: 256 }, (_, row) => row);
    const test = memorySplit({ images: many, labels: truth, unreadable });
    const found = await verifyModel(inputsOf(fakeNetwork(), { test }), target, silentJob);
    expect(found.samples).toBe(samples);
    expect(found.decisionAgreement).toBe(1);
  });

  it("refuses a data set of another size than the tables'", async () => {
    const test = memorySplit({ images: images.slice(1), labels: labels().slice(1) });
    await expect(verifyModel(inputsOf(fakeNetwork(), { test }), target, silentJob)).rejects.toMatchObject({
      code: "shape-mismatch",
      message: "the confidence table has 30 test samples, the data set 29; calibrate again with this data",
    });
  });

  it("takes turns of eight, reports them, and stops when cancelled", async () => {
    const network = fakeNetwork();
    const reports: (readonly number[])[] = [];
    const job: Job = {
      report: (done, total) => reports.push([done, total]),
      pause: async () => {
        if (reports.length === 3) throw cancelledError();
      },
    };
    const run = verifyModel(inputsOf(network), target, job);
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    expect(network.asked).toBe(5 + 3 * (1 + 8));
    expect(reports).toEqual([
      [8, 30],
      [16, 30],
      [24, 30],
    ]);
  });
});

it("looks up what a plan answers at the exits taken", () => {
  // Rows 2 and 0 are the plan's exits, row 3 the backbone; three samples.
  const table: ConfidenceTable = {
    exits: 3,
    samples: 3,
    confidence: new Float32Array(12),
    correct: new Uint8Array(12),
    predicted: Int32Array.from({ length: 12 }, (_, index) => index),
  };
  expect(predictedByPlan(table, [2, 0, 3], Uint8Array.of(1, 2, 0))).toEqual(Int32Array.of(0, 10, 8));
  expect(predictedByPlan({ ...table, predicted: undefined }, [0], Uint8Array.of(0))).toBeUndefined();
});

describe("files that are no export of the plan are refused", () => {
  const open = (path: string, other = plan) => openDeployed(path, other, target);
  const otherPlan = () => ({ ...plan, exits: [{ ...plan.exits[0], threshold: 0.99 }, plan.exits[1]] });

  it("nothing there", async () => {
    const path = join(root, "nowhere");
    await expect(open(path)).rejects.toMatchObject({
      code: "file-not-found",
      message: `${path}: no such file or folder; give an exported model.onnx or staged folder`,
    });
  });

  it("one file: the plain backbone, one that is cut short, or one that no runtime loads", async () => {
    const exported = await readFile(join(root, singleFile.target));
    const folder = await temporaryFolder({
      "plain.onnx": encodeModel(backbone.proto),
      "short.onnx": exported.subarray(0, exported.length - 50),
      "text.onnx": "no model",
    });
    for (const name of ["plain.onnx", "short.onnx", "text.onnx"])
      await expect(open(join(folder, name))).rejects.toMatchObject({
        code: "file-invalid",
        message: `${join(folder, name)} is no early-exit network that Offramp exported, or is cut short; export again`,
      });
    const broken = decodeModel(exported, "export");
    broken.graph.node[0].opType = "Sorcery";
    const path = join(folder, "broken.onnx");
    await writeFile(path, encodeModel(broken));
    await expect(open(path)).rejects.toMatchObject({
      code: "file-invalid",
      message: `${path} can't be loaded by ONNX Runtime; export again`,
    });
  });

  it("stages: without manifest, with one missing, with one changed", async () => {
    const folder = await temporaryFolder();
    const copy = async (name: string) => {
      await cp(join(root, staged.target), join(folder, name), { recursive: true });
      return join(folder, name);
    };
    const bare = await copy("bare");
    await rm(join(bare, "manifest.json"));
    const torn = await copy("torn");
    await writeFile(join(torn, "manifest.json"), "{");
    for (const path of [bare, torn])
      await expect(open(path)).rejects.toMatchObject({
        code: "file-invalid",
        message: `${join(path, "manifest.json")} is missing or no manifest of a staged network; export again`,
      });
    const missing = await copy("missing");
    await rm(join(missing, "stage-1.onnx"));
    await expect(open(missing)).rejects.toMatchObject({
      code: "file-invalid",
      message: `${join(missing, "stage-1.onnx")} is missing; export again`,
    });
    const changed = await copy("changed");
    await writeFile(join(changed, "stage-2.onnx"), await readFile(join(changed, "stage-1.onnx")));
    await expect(open(changed)).rejects.toMatchObject({
      code: "file-invalid",
      message: `${join(changed, "stage-2.onnx")} is not what the manifest describes; export again`,
    });
  });

  it.each([singleFile.target, staged.target])("%s of another plan", async (file) => {
    const path = join(root, file);
    for (const other of [otherPlan(), { ...plan, exits: plan.exits.slice(0, 1) }])
      await expect(open(path, other)).rejects.toMatchObject({
        code: "file-invalid",
        message: `${path} was exported from another plan`,
      });
  });
});
