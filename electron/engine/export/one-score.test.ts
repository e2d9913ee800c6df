import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { memorySplit } from "../dataset/testing/memory-split.ts";
import { gapLinear } from "../heads/gap-linear.ts";
import { type Head, untrainedHeads } from "../heads/head.ts";
import type { HeadKind } from "../heads/head-kind.ts";
import { backboneLogits, multiExitModel, ownLogits } from "../heads/multi-exit-model.ts";
import { readyHeads } from "../heads/ready-head.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { decodeModel, encodeModel } from "../onnx/codec.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { openSession, type RuntimeTensor, runtimeTensor } from "../onnx/runtime.ts";
import { floatTensor, intTensor } from "../onnx/tensors.ts";
import { importProto, noiseImages } from "../onnx/testing/test-backbone.ts";
import { TestGraph } from "../onnx/testing/test-graphs.ts";
import { openDeployed } from "../verify/deployed-network.ts";
import { verifyModel } from "../verify/verify-model.ts";
import { assembleDesign, type Design } from "./design.ts";
import { singleFile } from "./single-file.ts";
import { manifestFile, manifestSchema, staged } from "./staged.ts";
import { trainingGraph } from "./training-graph.ts";

const target = { provider: "cpu", threads: 1 };
const images = 24;

const networks = [
  {
    title: "a logit",
    score: "logit",
    middle: 0,
    batchOf3: [3, 1],
    end: (_: TestGraph, logit: string) => logit,
  },
  {
    title: "a probability, in a row",
    score: "probability",
    middle: 0.5,
    batchOf3: [3],
    end: (net: TestGraph, logit: string) =>
      net.add("Reshape", [net.add("Sigmoid", [logit]), net.constant(intTensor("row", [-1]))]),
  },
  {
    title: "a probability that no Sigmoid makes",
    score: "probability",
    middle: 0.5,
    batchOf3: [3, 1],
    end: (net: TestGraph, logit: string) => {
      const power = net.add("Exp", [net.add("Neg", [logit])]);
      return net.add("Reciprocal", [net.add("Add", [power, net.constant(floatTensor("one", [1], []))])]);
    },
  },
] as const;

describe.each(networks)("$title", ({ score, middle, batchOf3, end }) => {
  it("is verified on its own scale: every decision agrees", async () => {
    const { backbone, heads, pixels, feed } = await opened(end);
    const table = await logitsOf(backbone, heads, feed);
    const [early, own] = [0, heads.length].map((row) => table[row].map(([zero, one]) => one - zero));
    const sure = early.map((difference) => 1 / (1 + Math.exp(-Math.abs(difference))));
    const threshold = middleOf(sure);
    const design = designOf(backbone, heads, threshold);
    const folder = await temporaryFolder();
    for (const format of [singleFile, staged]) await format.write(design, folder);
    const leaves = sure.map((confidence) => confidence >= threshold);
    expect(new Set(leaves).size).toBe(2);
    const predicted = leaves.map((isEarly, at) => Number((isEarly ? early : own)[at] > 0));
    const labels = own.map((difference) => Number(difference > 0));
    expect(new Set(labels).size).toBe(2);
    for (const file of [singleFile.target, staged.target]) {
      const deployed = await openDeployed(
        join(folder, file),
        { plan: design.plan, backbone: backbone.summary },
        target,
        silentJob,
      );
      const expected = {
        exit: Uint8Array.from(leaves, (isEarly) => (isEarly ? 0 : 1)),
        predicted: Int32Array.from(predicted),
      };
      const found = await verifyModel(
        {
          backbone: backbone.summary,
          backboneFile: encodeModel(backbone.proto),
          deployed,
          test: memorySplit({ images: pixels, labels }),
          plan: design.plan,
          expected,
          seconds: 300,
        },
        target,
        silentJob,
      );
      await deployed.release();
      expect(found.decisionAgreement).toBe(1);
      expect(found.backbone.accuracy).toBe(1);
      const right = predicted.filter((answer, at) => answer === labels[at]).length;
      expect(found.plan.accuracy).toBe(right / images);
    }
  });

  it("is exported with a word on what the score is, and keeps its shape for a batch", async () => {
    const { backbone, heads, pixels } = await opened(end);
    const folder = await temporaryFolder();
    for (const format of [singleFile, staged]) await format.write(designOf(backbone, heads, 0), folder);
    const file = join(folder, singleFile.target);
    const { metadataProps } = decodeModel(await readFile(file), file);
    const told = metadataProps.find(({ key }) => key === "offramp.score")!;
    expect(JSON.parse(told.value)).toBe(score);
    const path = join(folder, staged.target);
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(path, manifestFile), "utf8")));
    expect(manifest).toMatchObject({ classes: 2, score });
    const session = await openSession(await readFile(join(path, "stage-0.onnx")));
    const three = Float32Array.from([...pixels[0], ...pixels[1], ...pixels[2]]);
    const { logits } = await session.run({ image: runtimeTensor("float32", three, [3, 3, 8, 8]) });
    await session.release();
    expect(logits.dims).toEqual(batchOf3);
    for (const value of logits.data as Float32Array)
      expect(score === "logit" || (value > 0 && value < 1)).toBe(true);
  });

  it("is opened again from its training graph with every head as a ready exit that says the same", async () => {
    const { backbone, heads, feed } = await opened(end);
    const folder = await temporaryFolder();
    await trainingGraph.write(designOf(backbone, heads, 0), folder);
    const written = decodeModel(await readFile(join(folder, trainingGraph.target)), "training graph");
    const session = await openSession(encodeModel(written));
    const first = await session.run(feed[0]);
    await session.release();
    const own = backbone.summary.output;
    for (const [name, { dims, data }] of Object.entries(first)) {
      expect(dims, name).toEqual(own.shape);
      expect(score === "logit" || Math.abs(Number(data[0]) - 0.5) <= 0.5).toBe(true);
    }
    const again = await importProto(written);
    expect(again.summary.output).toMatchObject({ classes: 2, kind: own.kind, shape: own.shape });
    expect(again.summary.readyExits.map(({ kind }) => kind)).toEqual(heads.map(() => own.kind));
    const before = await logitsOf(backbone, heads, feed);
    const after = await logitsOf(again, readyHeads(again), feed);
    for (const [row, rows] of after.entries())
      for (const [sample, [zero, one]] of rows.entries()) {
        const [expectedZero, expectedOne] = before[row][sample];
        expect(one - zero).toBeCloseTo(expectedOne - expectedZero, 3);
        expect(one > zero).toBe(expectedOne > expectedZero);
      }
  });

  it(`has its middle at ${middle}`, async () => {
    const { backbone, heads, feed } = await opened(end);
    const plain = await openSession(encodeModel(backbone.proto));
    const table = (await logitsOf(backbone, heads, feed))[heads.length];
    for (const [sample, image] of feed.entries()) {
      const own = Number((await plain.run(image))[backbone.summary.output.name].data[0]);
      const [zero, one] = table[sample];
      expect(own > middle).toBe(one > zero);
    }
    await plain.release();
  });
});

type End = (typeof networks)[number]["end"];

/** A network whose logit is spread around 0 on these images: half of them are of either class. */
async function network(end: End): Promise<GraphModel> {
  const build = (middle: number, spread: number, last: End) => {
    const net = new TestGraph();
    let features = net.convRelu("image", 3, 8);
    for (let block = 0; block < 2; block++) features = net.residualBlock(features, 8);
    const centred = net.add("Sub", [
      net.classifier(features, 8, 1),
      net.constant(floatTensor("c", [middle], [])),
    ]);
    const logit = net.add("Div", [centred, net.constant(floatTensor("d", [spread], []))]);
    return net.model([last(net, logit)], { shape: ["N", 3, 8, 8] });
  };
  const raw = await importProto(build(0, 1, (_, logit) => logit));
  const feed = feedOf(noiseImages(raw, images, seededRandom(3)));
  const scores = (await logitsOf(raw, [], feed))[0].map(([, one]) => one);
  return build(middleOf(scores), (Math.max(...scores) - Math.min(...scores)) / 4, end);
}

function feedOf(pixels: readonly Float32Array[]): { image: RuntimeTensor }[] {
  return pixels.map((image) => ({ image: runtimeTensor("float32", image, [1, 3, 8, 8]) }));
}

async function opened(end: End) {
  const backbone = await importProto(await network(end));
  const heads = untrainedHeads(backbone, [{ kind: gapLinear as HeadKind, options: {} }]);
  const pixels = noiseImages(backbone, images, seededRandom(3));
  return { backbone, heads, pixels, feed: feedOf(pixels) };
}

/** Per output (heads, then the backbone) and image the two logits. */
async function logitsOf(
  backbone: Backbone,
  heads: readonly Head[],
  feed: readonly Record<string, RuntimeTensor>[],
): Promise<number[][][]> {
  const exits = heads.map((head, index) => ({ head, output: `offramp/exit-${index}` }));
  const session = await openSession(encodeModel(multiExitModel(backbone, exits, ownLogits(backbone))));
  const outputs = [...exits.map(({ output }) => output), backboneLogits];
  const table: number[][][] = outputs.map(() => []);
  for (const image of feed) {
    const results = await session.run(image);
    for (const [row, output] of outputs.entries()) {
      expect(results[output].dims).toEqual([1, 2]);
      table[row].push(Array.from(results[output].data as Float32Array));
    }
  }
  await session.release();
  return table;
}

/** Between the two values in the middle. */
function middleOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return Math.fround((sorted[half - 1] + sorted[half]) / 2);
}

function designOf(backbone: Backbone, heads: readonly Head[], threshold: number): Design {
  const [{ cutPoint, kind }] = heads;
  const plan: Plan = {
    format: "offramp-plan",
    version: 1,
    backboneSha256: backbone.summary.sha256,
    exits: [{ cutPoint, head: kind, policy: "top1", threshold }],
  };
  const calibrated = heads.map((head) => ({ head, temperature: 1, classOffsets: new Map() }));
  return assembleDesign({ backbone, heads: calibrated, temperature: 1 }, plan);
}
