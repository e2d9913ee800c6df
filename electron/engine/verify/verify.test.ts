import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cancelledError, type Job, silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import { thresholdLevels } from "../../../shared/space/threshold-grid.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { confidenceTables, tableRow } from "../calibrate/confidence-table.ts";
import { computeExitLogits } from "../calibrate/exit-logits.ts";
import type { DecodableSplit } from "../dataset/splits/image-split.ts";
import { imageTensor } from "../dataset/splits/run-images.ts";
import { memorySplit } from "../dataset/testing/memory-split.ts";
import { assembleDesign } from "../export/design.ts";
import { singleFile } from "../export/single-file.ts";
import { type Manifest, staged } from "../export/staged.ts";
import { gapLinear } from "../heads/gap-linear.ts";
import { untrainedHeads } from "../heads/head.ts";
import type { HeadKind } from "../heads/head-kind.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { decodeModel, encodeModel } from "../onnx/codec.ts";
import {
  type GraphProto,
  type NodeProto,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
} from "../onnx/gen/onnx_pb.ts";
import { node } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { type RuntimeTensor, runtimeTensor } from "../onnx/runtime.ts";
import { floatTensor, intTensor } from "../onnx/tensors.ts";
import { endless } from "../onnx/testing/hostile-models.ts";
import { importProto, noiseImages } from "../onnx/testing/test-backbone.ts";
import { residualNet } from "../onnx/testing/test-graphs.ts";
import { plainPolicies } from "../policies/index.ts";
import { type DeployedNetwork, openDeployed } from "./deployed-network.ts";
import { tensorOf } from "./sample-images.ts";
import { type VerifyInputs, verifyModel } from "./verify-model.ts";

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
  const design = assembleDesign({ backbone, heads: calibrated, temperature: temperatures[3] }, plan);
  for (const format of [singleFile, staged]) await format.write(design, root);
});
afterAll(() => rm(root, { recursive: true }));

/** Every third sample's class is what the plan answers, the others' what the backbone answers. */
function labels(): number[] {
  return answers.map((answer, sample) => (sample % 3 === 0 ? answer : backboneAnswers[sample]));
}

function open(path: string, other = plan): Promise<DeployedNetwork> {
  return openDeployed(path, { plan: other, backbone: backbone.summary }, target, silentJob);
}

function inputsOf(deployed: DeployedNetwork, changes: Partial<VerifyInputs> = {}): VerifyInputs {
  return {
    backbone: backbone.summary,
    backboneFile: encodeModel(backbone.proto),
    deployed,
    test: memorySplit({ images, labels: labels() }),
    plan,
    expected: { exit: Uint8Array.from(exits), predicted: Int32Array.from(answers) },
    seconds: 300,
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
    const deployed = await open(join(root, file));
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
    const deployed = await open(join(root, file));
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

  it("refuses a data set of other classes than the tables'", async () => {
    const truth = Int32Array.from(labels());
    truth[4] = (truth[4] + 1) % 5;
    const expected = { exit: Uint8Array.from(exits), predicted: Int32Array.from(answers), labels: truth };
    await expect(verifyModel(inputsOf(fakeNetwork(), { expected }), target, silentJob)).rejects.toMatchObject(
      {
        code: "shape-mismatch",
        message: expect.stringMatching(/^test sample 5 is of class \d, in the confidence table of class \d/),
      },
    );
  });

  it("takes turns of eight, reports them, and stops when cancelled", async () => {
    const network = fakeNetwork();
    const reports: (readonly unknown[])[] = [];
    const job: Job = {
      report: (...said) => reports.push(said),
      pause: async () => {
        if (reports.length === 3) throw cancelledError();
      },
    };
    const run = verifyModel(inputsOf(network), target, job);
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    // One to warm up and sixteen for the pace; three turns of one and eight, and the plan begins the fourth.
    expect(network.asked).toBe(1 + 16 + 3 * (1 + 8) + (1 + 1));
    const note = expect.stringMatching(/^30 samples, about \d/);
    expect(reports).toEqual([8, 16, 24].map((done) => [done, 30, note]));
  });

  it("times what has to be done for an image that isn't at hand, when the network asks for it", async () => {
    const made: number[] = [];
    const waitMs = 4;
    const wait = () => {
      const until = performance.now() + waitMs;
      while (performance.now() < until);
    };
    const test = memorySplit({ images, labels: labels() });
    const decoded: DecodableSplit = {
      ...test,
      async *decoded(size) {
        for await (const { labels, skipped, indices } of test.batches(size)) {
          const photos = Array.from(indices, () => ({
            width: 1,
            height: 1,
            channels: 1,
            data: new Uint8Array(1),
          }));
          yield { labels, skipped, images: photos, places: Array.from(indices, String) };
        }
      },
      exampleBytes: async () => 1e6,
      preparer: () => (_, place) => {
        made.push(Number(place));
        wait();
        return images[Number(place)];
      },
    };
    const network = fakeNetwork();
    const { summary } = backbone;
    // Its first image is the backbone's, its second one its own, which it asks for behind the first exit.
    const deployed: DeployedNetwork = {
      ...network,
      run: async (first, second) => {
        const found = await network.run(await tensorOf(first));
        return found.exit === 0 ? found : network.run(await tensorOf(second));
      },
    };
    const first = { summary, images: test };
    const prepare = decoded.preparer();
    const make = (...photo: Parameters<typeof prepare>) => imageTensor(summary, prepare(...photo), 1);
    const second = { ...first, making: { kind: "decoded", images: decoded, make } as const };
    const found = await verifyModel(inputsOf(deployed, { images: [first, second] }), target, silentJob);
    expect(found.decisionAgreement).toBe(1);
    expect(new Set(made)).toEqual(new Set(exits.flatMap((exit, sample) => (exit > 0 ? [sample] : []))));
    for (const [sample, exit] of exits.entries())
      if (exit > 0) expect(found.latenciesMs.plan[sample]).toBeGreaterThanOrEqual(waitMs);
    const share = countOf((sample) => exits[sample] > 0) / samples;
    expect(found.plan.latencyMs.mean).toBeGreaterThan(0.9 * share * waitMs);

    // Operators run on the backbone's own image.
    const seen: number[] = [];
    const run = async ({ data }: RuntimeTensor) => {
      seen.push(images.findIndex((image) => image[0] === data[0]));
      wait();
    };
    const byOperators = { ...first, making: { kind: "operators", run } as const };
    const asked = inputsOf(deployed, { images: [first, byOperators] });
    const again = await verifyModel(asked, target, silentJob);
    expect(again.decisionAgreement).toBe(1);
    expect(new Set(seen)).toEqual(new Set(made));
    for (const [sample, exit] of exits.entries())
      if (exit > 0) expect(again.latenciesMs.plan[sample]).toBeGreaterThanOrEqual(waitMs);
  });

  describe("in less time than all samples take", () => {
    const many = 400;
    const answered = (sample: number) => sample % 2;
    /** As slow as a large network, and of two exits. */
    const slowNetwork = (): DeployedNetwork & { asked: number } => {
      const network = {
        asked: 0,
        run: async ({ data }: RuntimeTensor) => {
          network.asked++;
          await new Promise((resolve) => setTimeout(resolve, 30));
          const sample = Math.round(Number(data[0]));
          const scores = Float32Array.from({ length: 5 }, (_, index) => Number(index === answered(sample)));
          return { logits: runtimeTensor("float32", scores, [1, 5]), exit: sample % 3 };
        },
        release: async () => {},
      };
      return network;
    };
    const truth = Array.from({ length: many }, (_, sample) => (sample % 4 === 0 ? 1 : 0));
    /** The first pixel says which sample it is. */
    const numbered = () =>
      truth.map((_, sample) =>
        images[sample % samples].map((pixel, index) => (index === 0 ? sample : pixel)),
      );
    const slowInputs = (network: DeployedNetwork) =>
      inputsOf(network, {
        test: memorySplit({ images: numbered(), labels: truth }),
        expected: {
          exit: Uint8Array.from({ length: many }, (_, sample) => sample % 3),
          predicted: Int32Array.from({ length: many }, (_, sample) => answered(sample)),
          labels: Int32Array.from(truth),
        },
        seconds: 1,
      });

    it("runs some, class by class, and compares each with its own row of the tables", async () => {
      const network = slowNetwork();
      const found = await verifyModel(slowInputs(network), target, silentJob);
      expect(found).toMatchObject({ samples: 50, available: many, decisionAgreement: 1 });
      expect(network.asked).toBeLessThan(100);
      expect(found.latenciesMs.plan).toHaveLength(50);
      const ofClassOne = [...found.places].filter((place) => truth[place] === 1);
      expect([12, 13]).toContain(ofClassOne.length);
      const right = [...found.places].filter((place) => answered(place) === truth[place]);
      expect(found.plan.accuracy).toBe(right.length / 50);
    });
  });
});

describe("exported files that somebody changed", () => {
  /** A folder with a copy of both exports. */
  async function copies() {
    const folder = await temporaryFolder();
    await cp(root, folder, { recursive: true });
    const stage = (k: number) => join(folder, staged.target, `stage-${k}.onnx`);
    const manifestPath = join(folder, staged.target, "manifest.json");
    return {
      single: join(folder, singleFile.target),
      stages: join(folder, staged.target),
      stage,
      /** Changes the manifest, with the files' hashes as they are now. */
      async tell(change: (manifest: Manifest) => void) {
        const manifest: Manifest = JSON.parse(await readFile(manifestPath, "utf8"));
        for (const [k, entry] of manifest.stages.entries()) {
          const bytes = await readFile(stage(k)).catch(() => undefined);
          if (bytes) entry.sha256 = createHash("sha256").update(bytes).digest("hex");
        }
        change(manifest);
        await writeFile(manifestPath, JSON.stringify(manifest));
      },
      async rewrite(path: string, change: (proto: GraphModel) => GraphModel | undefined) {
        const proto = decodeModel(await readFile(path), path);
        await writeFile(path, encodeModel(change(proto) ?? proto));
      },
    };
  }

  const refusal = (path: string, what: string | RegExp) => ({
    code: "file-invalid",
    message: typeof what === "string" ? `${path} ${what}; export again` : expect.stringMatching(what),
  });

  it("data in other files is not opened", async () => {
    const { single, stage, stages, rewrite, tell } = await copies();
    for (const path of [single, stage(1)]) await rewrite(path, keepOutside);
    await tell(() => {});
    const what = (name: string) =>
      new RegExp(`${name} can't be used: initializer \\S+ has its data in another file`);
    await expect(open(single)).rejects.toMatchObject(refusal(single, what("model.onnx")));
    await expect(open(stages)).rejects.toMatchObject(refusal(stage(1), what("stage-1.onnx")));
  });

  it("a stage that needs more memory than there can be ends in its own process", async () => {
    const { stage, stages, rewrite, tell } = await copies();
    await rewrite(stage(1), (proto) => void hunger(proto));
    await tell(() => {});
    await expect(open(stages)).rejects.toMatchObject(
      refusal(
        stage(1),
        /stage-1\.onnx can't be verified \(stage-1\.onnx: .* ran out of memory while running/,
      ),
    );
  });

  it("a first run can be cancelled", async () => {
    const { single, rewrite } = await copies();
    await rewrite(single, ({ metadataProps }) => ({ ...endless(), metadataProps }));
    let pauses = 0;
    const job: Job = {
      ...silentJob,
      pause: async () => {
        if (++pauses > 3) throw cancelledError();
      },
    };
    const opened = openDeployed(single, { plan, backbone: backbone.summary }, target, job);
    await expect(opened).rejects.toMatchObject({ code: "cancelled" });
  });

  it("answers must be there, finite, and one per class", async () => {
    const { single, stage, stages, rewrite, tell } = await copies();
    const rename = ({ graph }: GraphModel) => {
      for (const output of graph.output) if (output.name === "exit") output.name = "confidence";
    };
    await rewrite(single, (proto) => void rename(proto));
    await expect(open(single)).rejects.toMatchObject(refusal(single, /can't be verified \(.*confidence/));
    await rewrite(stage(0), (proto) => void scaleLogits(proto, Number.POSITIVE_INFINITY));
    await tell(() => {});
    await expect(open(stages)).rejects.toMatchObject(
      refusal(stage(0), "can't be verified (its output logits isn't finite for plain images)"),
    );
    await cp(join(root, staged.target, "stage-0.onnx"), stage(0));
    await tell((manifest) => {
      [manifest.stages[0].logits, manifest.stages[0].confidence] = ["confidence", "logits"];
    });
    await expect(open(stages)).rejects.toMatchObject(
      refusal(stage(0), "can't be verified (its output confidence holds [1], expected 5 an image)"),
    );
    await tell((manifest) => {
      [manifest.stages[0].logits, manifest.stages[0].confidence] = ["logits", "nothing"];
    });
    await expect(open(stages)).rejects.toMatchObject(
      refusal(stage(0), "can't be verified (it has no output nothing)"),
    );
  });

  it.each(["../model.onnx", "/etc/passwd", "a/b.onnx", "..", "c:x", "\\\\host\\share"])(
    "the manifest may not name %s",
    async (file) => {
      const { stages, tell } = await copies();
      await tell((manifest) => {
        manifest.stages[1].file = file;
      });
      const path = join(stages, "manifest.json");
      await expect(open(stages)).rejects.toMatchObject(
        refusal(path, `names ${JSON.stringify(file)}, expected a file's name`),
      );
    },
  );

  it.skipIf(process.platform === "win32")("only files of the folder are opened", async () => {
    const { stage, stages, single } = await copies();
    const outside = join(root, staged.target, "stage-1.onnx");
    await rm(stage(1));
    await symlink(outside, stage(1));
    await expect(open(stages)).rejects.toMatchObject(refusal(stage(1), /leads out of/));
    for (const path of [stage(1), single]) {
      await rm(path);
      execFileSync("mkfifo", [path]);
    }
    await expect(open(stages)).rejects.toMatchObject(refusal(stage(1), /is a device or a pipe/));
    await expect(open(single)).rejects.toMatchObject(refusal(single, /is a device or a pipe/));
  });

  it("stages that lead to no answer are refused before any runs", async () => {
    const { stages, tell } = await copies();
    const path = join(stages, "manifest.json");
    const changes: ((entries: Manifest["stages"]) => void)[] = [
      (entries) => Object.assign(entries[2], { next: "logits" }),
      (entries) => Object.assign(entries[2], { logits: null }),
      (entries) => Object.assign(entries[0], { next: null }),
      (entries) => Object.assign(entries[0], { confidence: null }),
      (entries) => entries.push(entries[2], entries[2], entries[2]),
      (entries) => entries.splice(0),
    ];
    for (const change of changes) {
      const before = await readFile(path);
      await tell((manifest) => change(manifest.stages));
      await expect(open(stages)).rejects.toMatchObject(refusal(path, "has stages that lead to no answer"));
      await writeFile(path, before);
    }
  });

  it("an answer is checked for each image, whatever the first run gave", async () => {
    const run = (answer: Partial<{ exit: number; score: number }>) => {
      const network: DeployedNetwork = {
        run: async () => ({
          logits: runtimeTensor("float32", new Float32Array(5).fill(answer.score ?? 0), [1, 5]),
          exit: answer.exit ?? 0,
        }),
        release: async () => {},
      };
      return verifyModel(inputsOf(network), target, silentJob);
    };
    await expect(run({ exit: 3 })).rejects.toMatchObject({
      code: "file-invalid",
      message: "the exported network says that a sample left at exit 3, expected 0 to 2; export again",
    });
    await expect(run({ score: Number.NaN })).rejects.toMatchObject({
      code: "file-invalid",
      message: expect.stringMatching(/no finite numbers for an image/),
    });
  });
});

/** Its first weights in a file that could be anywhere. */
function keepOutside(proto: GraphModel): undefined {
  const [tensor] = proto.graph.initializer.filter(({ rawData }) => rawData.length > 0);
  tensor.externalData = [create(StringStringEntryProtoSchema, { key: "location", value: "../secret.bin" })];
  tensor.rawData = new Uint8Array();
  tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
}

/** Its logits become those plus a zero, of more zeros than there is memory for. */
function hunger({ graph }: GraphModel): void {
  reroute(graph, "logits", (from, to) => [
    node("ConstantOfShape", ["hungry/shape"], ["hungry/zeros"]),
    node("ReduceSum", ["hungry/zeros"], ["hungry/zero"]),
    node("Add", [from, "hungry/zero"], [to]),
  ]);
  graph.initializer.push(intTensor("hungry/shape", [1, 1e15]));
}

function scaleLogits({ graph }: GraphModel, factor: number): void {
  reroute(graph, "logits", (from, to) => [node("Mul", [from, "scale/factor"], [to])]);
  graph.initializer.push(floatTensor("scale/factor", [factor], []));
}

/** Puts nodes between a result and the output of its name. */
function reroute(graph: GraphProto, name: string, between: (from: string, to: string) => NodeProto[]): void {
  for (const each of graph.node)
    each.output = each.output.map((output) => (output === name ? `${name}/before` : output));
  graph.node.push(...between(`${name}/before`, name));
}

describe("files that are no export of the plan are refused", () => {
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
      message: expect.stringContaining(
        `${path} can't be verified (broken.onnx: ONNX Runtime failed while loading the model: `,
      ),
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
