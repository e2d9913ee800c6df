import { beforeAll, describe, expect, it } from "vitest";
import { cancelledError, type Job, silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import { profileSchema } from "../../../shared/model/profile.ts";
import { earlyExitModel } from "../export/early-exit-model.ts";
import { gapLinear } from "../heads/gap-linear.ts";
import { untrainedHeads } from "../heads/head.ts";
import { mixedLinear } from "../heads/mixed-linear.ts";
import { type Backbone, cutPointByTensor } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { openSession } from "../onnx/runtime.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import { TestGraph } from "../onnx/testing/test-graphs.ts";
import { exitPolicies } from "../policies/index.ts";
import { top1 } from "../policies/top1.ts";
import { profileBackbone } from "./profile-backbone.ts";
import { median } from "./statistics.ts";
import type { ProfileSubject } from "./timed-models.ts";
import { randomImage } from "./timed-models.ts";

const options = { provider: "cpu", threads: 1, policies: exitPolicies, seconds: 0.5, seed: 1 };

/** Heavy enough (about 20 M MACs) that a run takes much longer than calling the runtime does. */
function heavyNet() {
  const net = new TestGraph();
  let features = net.convRelu("image", 3, 16);
  for (let block = 0; block < 4; block++) features = net.residualBlock(features, 16);
  return net.model([net.classifier(features, 16, 10)], { shape: [1, 3, 32, 32] });
}

function subjectsOf(backbone: Backbone, kinds = [mixedLinear, gapLinear]): ProfileSubject[] {
  const choices = kinds.map((kind) => ({ kind: kind as typeof mixedLinear, options: {} }));
  return untrainedHeads(backbone, choices).map((head) => ({
    head,
    cut: cutPointByTensor(backbone.summary, head.cutPoint),
  }));
}

let backbone: Backbone;
beforeAll(async () => {
  backbone = await importProto(heavyNet());
});

describe("profile", () => {
  it("holds a prefix per cut point and each head under each policy, and names the model's nodes", async () => {
    const { summary } = backbone;
    const cuts = summary.cutPoints.map(({ tensor }) => tensor);
    expect(cuts).toHaveLength(4);
    const profile = await profileBackbone(backbone, subjectsOf(backbone), options, silentJob);
    expect(profileSchema.parse(profile)).toEqual(profile);
    expect(profile.graphSha256).toBe(summary.graphSha256);
    expect([profile.target.provider, profile.target.threads]).toEqual(["cpu", 1]);
    expect(profile.prefixes.map(({ cutPoint }) => cutPoint)).toEqual(cuts);
    const expected = cuts.flatMap((cutPoint) =>
      ["mixed-linear", "gap-linear"].flatMap((head) =>
        exitPolicies.map(({ id: policy }) => [cutPoint, head, policy]),
      ),
    );
    expect(profile.heads.map(({ cutPoint, head, policy }) => [cutPoint, head, policy])).toEqual(expected);
    for (const latency of [profile.backbone, profile.final, ...profile.prefixes, ...profile.heads]) {
      // Ten rounds at least, two times a round.
      expect(latency.count).toBeGreaterThanOrEqual(20);
      expect(latency.p5Ms).toBeLessThanOrEqual(latency.medianMs);
      expect(latency.medianMs).toBeLessThanOrEqual(latency.p95Ms);
    }

    // The first prefix is one of nine convolutions, the last seven of nine.
    const prefixes = profile.prefixes.map(({ medianMs }) => medianMs);
    expect(prefixes[0]).toBeLessThan(prefixes[3]);
    expect(prefixes[0]).toBeLessThan(profile.final.medianMs / 2);
    expect(prefixes[3]).toBeGreaterThan(profile.final.medianMs / 3);
    for (const { medianMs } of profile.heads) expect(medianMs).toBeLessThan(profile.backbone.medianMs);

    const names = new Map(summary.nodes.map(({ name, operator }) => [name, operator]));
    for (const { node } of profile.nodes) expect(names.has(node)).toBe(true);
    expect(new Set(profile.nodes.map(({ node }) => node)).size).toBe(profile.nodes.length);
    // Convolutions are never fused into one another, and take nearly all the time.
    const convolutions = profile.nodes.filter(({ node }) => names.get(node) === "Conv");
    expect(convolutions).toHaveLength(9);
    const sum = (nodes: typeof profile.nodes) => nodes.reduce((total, { meanMs }) => total + meanMs, 0);
    expect(sum(convolutions)).toBeGreaterThan(sum(profile.nodes) / 2);
    expect(sum(profile.nodes)).toBeGreaterThan(profile.backbone.p5Ms / 3);
    // The runtime goes by the clock, the profile by what the process got of it.
    expect(sum(profile.nodes)).toBeLessThan(profile.backbone.p95Ms * 20);
  });

  it("adds up: a network of two exits takes its prefix and both heads", async () => {
    const subjects = subjectsOf(backbone, [mixedLinear]);
    const profile = await profileBackbone(backbone, subjects, options, silentJob);
    const [first, second] = [1, 3];
    const predicted =
      profile.prefixes[second].medianMs +
      profile.heads[3 * first].medianMs +
      profile.heads[3 * second].medianMs;
    const exits = [first, second].map((at) => ({
      ...subjects[at],
      policy: top1,
      temperature: 1.5,
      threshold: at === first ? 2 : -1,
    }));
    const model = earlyExitModel(backbone, exits, { policy: top1, temperature: 1.5 });
    const session = await openSession(encodeModel(model), { threads: 1 });
    const image = randomImage(backbone, seededRandom(1));
    const times: number[] = [];
    for (let run = 0; run < 60; run++) {
      const start = performance.now();
      const { exit } = await session.run(image);
      times.push(performance.now() - start);
      expect(exit.data[0]).toBe(1n);
    }
    await session.release();
    expect(predicted / median(times)).toBeGreaterThan(0.5);
    expect(predicted / median(times)).toBeLessThan(2);
  });

  it("is made in groups where the sessions don't fit into memory together", async () => {
    const subjects = subjectsOf(backbone, [gapLinear]);
    // 1 GB of weights, as far as the summary goes: one head at a time.
    const large: Backbone = { ...backbone, summary: { ...backbone.summary, parameterBytes: 1e9 } };
    const reports: (readonly [number, number])[] = [];
    const job: Job = { ...silentJob, report: (done, total) => reports.push([done, total]) };
    const profile = await profileBackbone(large, subjects, { ...options, seconds: 0.4 }, job);
    expect(profile.prefixes.map(({ cutPoint }) => cutPoint)).toEqual(
      backbone.summary.cutPoints.map(({ tensor }) => tensor),
    );
    expect(profile.heads).toHaveLength(4 * exitPolicies.length);
    // Each of the four groups runs the backbone, and each head only its own.
    expect(profile.backbone.count).toBeGreaterThanOrEqual(4 * 20);
    expect(profile.heads[0].count).toBeLessThan(profile.backbone.count);
    expect(profile.prefixes[0].medianMs).toBeLessThan(profile.prefixes[3].medianMs);
    const progress = reports.map(([done, total]) => done / total);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect([progress[0] < 0.1, progress.at(-1)! > 0.75, progress.at(-1)! <= 1]).toEqual([true, true, true]);
  });

  it("of a model without heads knows the backbone alone", async () => {
    const profile = await profileBackbone(backbone, [], { ...options, seconds: 0.05 }, silentJob);
    expect([profile.prefixes, profile.heads]).toEqual([[], []]);
    expect(profile.backbone.medianMs).toBeGreaterThan(0);
  });

  it("refuses threads that the machine doesn't have before anything runs", async () => {
    const reports: number[] = [];
    const job: Job = { ...silentJob, report: (done) => reports.push(done) };
    const run = profileBackbone(backbone, [], { ...options, threads: 4096 }, job);
    await expect(run).rejects.toMatchObject({ code: "usage" });
    expect(reports).toEqual([]);
  });
});

/** Fails as a cancelled job does, from the given pause on. */
class CancelledJob implements Job {
  pauses = 0;

  constructor(private readonly from: number) {}

  readonly report = () => {};

  readonly pause = async () => {
    if (++this.pauses >= this.from) throw cancelledError();
  };
}

describe("cancellation", () => {
  it.each([
    ["while sessions are opened", 2],
    ["while rounds are measured", 30],
  ])("%s ends the profile at once", async (_when, from) => {
    const job = new CancelledJob(from);
    const run = profileBackbone(backbone, subjectsOf(backbone), { ...options, seconds: 60 }, job);
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    expect(job.pauses).toBe(from);
  });

  it("while operators are timed ends the profile at once", async () => {
    // Without heads: a pause for each of 6 sessions, 3 warm-up runs and 2 times in 10 rounds, then one a timed run.
    const job = new CancelledJob(6 + 18 + 120 + 4);
    const run = profileBackbone(backbone, [], { ...options, seconds: 0 }, job);
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    expect(job.pauses).toBe(148);
  });
});

it("runs float16 images", async () => {
  const net = new TestGraph();
  const cast = net.add("Cast", ["image"], { to: 1 });
  const last = net.residualBlock(net.convRelu(cast, 3, 4), 4);
  const half = await importProto(net.model([net.classifier(last, 4, 5)], { type: "float16" }));
  const image = randomImage(half, seededRandom(2));
  expect(image.image.type).toBe("float16");
  const session = await openSession(encodeModel(half.proto));
  const results = await session.run(image);
  await session.release();
  expect([...(results[half.summary.output.name].data as Float32Array)].every(Number.isFinite)).toBe(true);
});
