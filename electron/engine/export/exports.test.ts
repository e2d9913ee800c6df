import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { randomNormal, seededRandom } from "../../../shared/base/random.ts";
import { scoreCount } from "../../../shared/model/backbone.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { imageTensor } from "../dataset/splits/run-images.ts";
import { type Head, untrainedHeads } from "../heads/head.ts";
import { headKinds } from "../heads/index.ts";
import { backboneLogits, multiExitModel, ownLogits } from "../heads/multi-exit-model.ts";
import { type Backbone, imageDims } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { halfValue } from "../onnx/half-float.ts";
import { openSession, type RuntimeTensor, runtimeTensor } from "../onnx/runtime.ts";
import { elementCount } from "../onnx/tensors.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import type { ExitPolicy } from "../policies/exit-policy.ts";
import { exitPolicies } from "../policies/index.ts";
import { perClass } from "../policies/per-class.ts";
import { top1 } from "../policies/top1.ts";
import { type DeployedNetwork, openDeployed } from "../verify/deployed-network.ts";
import { assembleDesign, type Design } from "./design.ts";
import { earlyExitModel } from "./early-exit-model.ts";
import { singleFile } from "./single-file.ts";
import { type Manifest, manifestFile, manifestSchema, staged } from "./staged.ts";
import { dividingThreshold } from "./testing/dividing-threshold.ts";
import { testNetworks } from "./testing/test-networks.ts";

const target = { provider: "cpu", threads: 1 };
const sampleCount = 24;
const headChoice = { kind: headKinds[0], options: { hidden: 8 } };

function openExported(path: string, { plan, backbone }: Design): Promise<DeployedNetwork> {
  return openDeployed(path, { plan, backbone: backbone.summary }, target, silentJob);
}

function images({ summary }: Backbone): Float32Array[] {
  const random = seededRandom(5);
  const length = elementCount(imageDims(summary, 1) as number[]);
  return Array.from({ length: sampleCount }, () => {
    const level = randomNormal(random);
    return Float32Array.from({ length }, () => level + randomNormal(random));
  });
}

function rowOf({ data, type }: RuntimeTensor): number[] {
  return type === "float16"
    ? Array.from(data as Uint16Array, (bits) => halfValue(bits))
    : Array.from(data as Float32Array);
}

function softmax(logits: readonly number[], temperature: number): Float64Array {
  const largest = Math.max(...logits);
  const powers = Float64Array.from(logits, (logit) => Math.exp((logit - largest) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** What an export gives for logits: them, or the one score that the network gives of two classes. */
function answerOf({ summary: { output } }: Backbone, logits: readonly number[]): number[] {
  if (scoreCount(output) > 1) return [...logits];
  const score = logits[1] - logits[0];
  return [output.kind === "logits" ? score : 1 / (1 + Math.exp(-score))];
}

function farthest(values: readonly number[], expected: readonly number[]): number {
  expect(values).toHaveLength(expected.length);
  return values.reduce((max, value, at) => Math.max(max, Math.abs(value - expected[at])), 0);
}

/** Per sample the logits of every head and last of the backbone, from the graph that calibration runs. */
async function tableOf(backbone: Backbone, heads: readonly Head[]): Promise<number[][][]> {
  const exits = heads.map((head, index) => ({ head, output: `offramp/exit-${index}` }));
  const session = await openSession(encodeModel(multiExitModel(backbone, exits, ownLogits(backbone))));
  const rows: number[][][] = [];
  for (const image of images(backbone)) {
    const feeds = { [backbone.summary.input.name]: imageTensor(backbone.summary, image, 1) };
    const results = await session.run(feeds);
    rows.push([...exits.map(({ output }) => output), backboneLogits].map((name) => rowOf(results[name])));
  }
  await session.release();
  return rows;
}

/** Offsets as different as calibration may find them; classes that follow each other differ most. */
function offsetsOf({ summary }: Backbone): Float32Array {
  return Float32Array.from(
    { length: summary.output.classes },
    (_, index) => (index % 2 ? 1 : -1) + index / 8,
  );
}

/** Exits at some heads with these thresholds; the last temperature is the backbone's. */
function designOf(
  backbone: Backbone,
  heads: readonly Head[],
  temperatures: readonly number[],
  exits: readonly { head: Head; threshold: number; policy: string }[],
  cut?: string,
): Design {
  const plan: Plan = {
    format: "offramp-plan",
    version: 1,
    cut,
    backboneSha256: backbone.summary.sha256,
    exits: exits.map(({ head, ...rest }) => ({ cutPoint: head.cutPoint, head: head.kind, ...rest })),
  };
  const classOffsets = new Map(exitPolicies.map(({ id }) => [id, offsetsOf(backbone)]));
  const calibrated = heads.map((head, at) => ({ head, temperature: temperatures[at], classOffsets }));
  return assembleDesign({ backbone, heads: calibrated, temperature: temperatures[heads.length] }, plan);
}

/** A temperature at which these logits, of heads that nobody trained, are neither certain nor all alike. */
function spreadOf(logits: readonly (readonly number[])[]): number {
  const spreads = logits.map((row) => Math.max(...row) - Math.min(...row));
  return Math.fround(spreads.reduce((sum, spread) => sum + spread, 0) / spreads.length / 3);
}

/** The float32 value just above one that is not negative. */
function nextFloat(value: number): number {
  const float = Float32Array.of(value);
  new Uint32Array(float.buffer)[0]++;
  return float[0];
}

describe.each(testNetworks)("$title", ({ proto, cutPoints, tolerance }) => {
  it("leaves where the table says, with its logits; staged as in one file", async () => {
    const backbone = await importProto(proto);
    const { summary } = backbone;
    expect(summary.cutPoints).toHaveLength(cutPoints);
    const heads = untrainedHeads(backbone, [headChoice]);
    const table = await tableOf(backbone, heads);
    const temperatures = [...heads, "backbone"].map((_, row) => spreadOf(table.map((sample) => sample[row])));
    const bounds = temperatures.map((temperature) => 3 * temperature * tolerance);
    const confidence = (row: number, { confidence: ofPolicy }: ExitPolicy) =>
      table.map((sample) => ofPolicy(softmax(sample[row], temperatures[row]), offsetsOf(backbone)));
    const last = cutPoints - 1;
    const perClassTop1 = perClass(top1);
    const [early, late] = [confidence(0, top1), confidence(last, perClassTop1)];
    const threshold = dividingThreshold(early);
    const lateThreshold = dividingThreshold(late.filter((_, sample) => early[sample] < threshold));
    const design = designOf(backbone, heads, temperatures, [
      { head: heads[0], threshold, policy: "top1" },
      { head: heads[last], threshold: lateThreshold, policy: perClassTop1.id },
    ]);
    const folder = await temporaryFolder();
    for (const format of [singleFile, staged]) await format.write(design, folder);
    const inOne = await openExported(join(folder, singleFile.target), design);
    const inStages = await openExported(join(folder, staged.target), design);
    const plain = await openSession(encodeModel(proto), { threads: 1 });

    const left = [0, 0, 0];
    for (const [sample, pixels] of images(backbone).entries()) {
      const image = imageTensor(summary, pixels, 1);
      const { exit, logits } = await inOne.run(image);
      const expected = early[sample] >= threshold ? 0 : late[sample] >= lateThreshold ? 1 : 2;
      expect(exit, `sample ${sample}`).toBe(expected);
      left[exit]++;
      const isOneScore = scoreCount(summary.output) === 1;
      expect(logits.dims).toEqual(isOneScore ? summary.output.shape : [1, summary.output.classes]);
      const row = [0, last, cutPoints][exit];
      expect(farthest(rowOf(logits), answerOf(backbone, table[sample][row]))).toBeLessThanOrEqual(
        bounds[row],
      );
      const stagedResult = await inStages.run(image);
      expect(stagedResult.exit).toBe(exit);
      expect(farthest(rowOf(stagedResult.logits), rowOf(logits))).toBeLessThanOrEqual(bounds[row]);
      if (exit < 2) continue;
      const results = await plain.run({ [summary.input.name]: image });
      const own = rowOf(results[summary.output.name]);
      const isOwnKind = isOneScore || summary.output.kind === "logits";
      const final = isOwnKind ? rowOf(logits) : [...softmax(rowOf(logits), 1)];
      expect(farthest(final, own)).toBeLessThanOrEqual(bounds[row]);
    }
    for (const count of left) expect(count).toBeGreaterThan(0);
    await Promise.all([inOne.release(), inStages.release(), plain.release()]);
  });
});

describe.each(testNetworks)("$title, staged for a device and a server", ({ proto, tolerance }) => {
  const bytesOf = new Map([
    ["float32", 4],
    ["float16", 2],
    ["uint8", 1],
    ["int8", 1],
  ]);

  it("is split where the server takes over, and decides as it does in one piece", async () => {
    const backbone = await importProto(proto);
    const { input, cutPoints } = backbone.summary;
    const heads = untrainedHeads(backbone, [headChoice]);
    const table = await tableOf(backbone, heads);
    const temperatures = [...heads, "backbone"].map((_, row) => spreadOf(table.map((sample) => sample[row])));
    const sure = (row: number) => table.map((sample) => Math.max(...softmax(sample[row], temperatures[row])));
    const [early, late] = [sure(0), sure(2)];
    const threshold = dividingThreshold(early);
    const lateThreshold = dividingThreshold(late.filter((_, sample) => early[sample] < threshold));
    const exits = [
      { head: heads[0], threshold, policy: "top1" },
      { head: heads[2], threshold: lateThreshold, policy: "top1" },
    ];
    const whole = designOf(backbone, heads, temperatures, exits);
    const expected = await stagedAs(whole);
    const expectedAnswers = await answersOf(whole, expected.path);
    const filesOf = ({ stages }: Manifest) => stages.map(({ sha256 }) => sha256);
    const partitions: [string, string[]][] = [
      [input.name, ["server", "server", "server"]],
      [cutPoints[0].tensor, ["device", "server", "server"]],
      [cutPoints[1].tensor, ["device", "device", "server", "server"]],
      [cutPoints[2].tensor, ["device", "device", "server"]],
    ];
    for (const [cut, targets] of partitions) {
      const design = designOf(backbone, heads, temperatures, exits, cut);
      const { path, manifest } = await stagedAs(design);
      // Where an exit ends the device's part, or the server does all, the stages are those of the whole.
      const isSplit = cut === cutPoints[1].tensor;
      if (!isSplit) expect(filesOf(manifest)).toEqual(filesOf(expected.manifest));
      const answers = isSplit ? await answersOf(design, path) : expectedAnswers;
      for (const [sample, { exit, logits }] of answers.entries()) {
        expect(exit, `sample ${sample}, partitioned at ${cut}`).toBe(expectedAnswers[sample].exit);
        const bound = 3 * temperatures[[0, 2, 3][exit]] * tolerance;
        expect(farthest(logits, expectedAnswers[sample].logits)).toBeLessThanOrEqual(bound);
      }
      expect(manifest.stages.map(({ target: own }) => own)).toEqual(targets);
      const { bytes, ...crossing } = manifest.crossing!;
      const first = manifest.stages[targets.indexOf("server")];
      expect(crossing).toEqual(first.input);
      expect(bytes).toBe(
        elementCount(crossing.shape!.map((size) => size ?? 1)) * bytesOf.get(crossing.type!)!,
      );
      const deciding = manifest.stages.filter(({ logits }) => logits !== null);
      expect(deciding.map(({ threshold }) => threshold)).toEqual([
        ...exits.map((exit) => exit.threshold),
        null,
      ]);
    }
    expect(expected.manifest.crossing).toBeUndefined();
    expect(new Set(expectedAnswers.map(({ exit }) => exit)).size).toBe(3);
  });

  async function stagedAs(design: Design): Promise<{ path: string; manifest: Manifest }> {
    const folder = await temporaryFolder();
    await staged.write(design, folder);
    const path = join(folder, staged.target);
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(path, manifestFile), "utf8")));
    return { path, manifest };
  }

  /** Exit and logits per sample of a staged design. */
  async function answersOf(design: Design, path: string) {
    const deployed = await openExported(path, design);
    const answers: { exit: number; logits: number[] }[] = [];
    for (const pixels of images(design.backbone)) {
      const { exit, logits } = await deployed.run(imageTensor(design.backbone.summary, pixels, 1));
      answers.push({ exit, logits: rowOf(logits) });
    }
    await deployed.release();
    return answers;
  }
});

describe.each(exitPolicies)("policy $id", (policy) => {
  it.each([7, 13, 18])("at opset %i leaves at its threshold and above, not below", async (version) => {
    const network = testNetworks.find(({ title }) => title === `float32, opset ${version}`)!;
    const backbone = await importProto(network.proto);
    const [head] = untrainedHeads(backbone, [headChoice]);
    const table = await tableOf(backbone, [head]);
    const temperatures = [0, 1].map((row) => spreadOf(table.map((sample) => sample[row])));
    const chosen = { head, threshold: 0, policy: policy.id };
    const [{ exits, end }] = designOf(backbone, [head], temperatures, [chosen]).networks;
    const exit = { ...exits[0], threshold: "chosen" };
    const session = await openSession(encodeModel(earlyExitModel(backbone, [exit], end!)), { threads: 1 });
    for (const [sample, pixels] of images(backbone).entries()) {
      const [own, rest] = table[sample].map((logits, row) =>
        (row === 0 ? policy : (policy.base ?? policy)).confidence(
          softmax(logits, temperatures[row]),
          offsetsOf(backbone),
        ),
      );
      const at = (threshold: number) =>
        session.run({
          [backbone.summary.input.name]: imageTensor(backbone.summary, pixels, 1),
          chosen: runtimeTensor("float32", Float32Array.of(threshold), []),
        });
      const leaving = await at(own - 1e-3);
      expect(leaving.exit.data[0]).toBe(0n);
      expect(leaving.confidence.dims).toEqual([1]);
      const confidence = Number(leaving.confidence.data[0]);
      expect(confidence).toBeCloseTo(own, 4);
      expect((await at(confidence)).exit.data[0]).toBe(0n);
      const passing = await at(nextFloat(confidence));
      expect(passing.exit.data[0]).toBe(1n);
      expect(Number(passing.confidence.data[0])).toBeCloseTo(rest, 4);
    }
    await session.release();
  });
});
