import { beforeAll, describe, expect, it } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { type Preprocess, preprocessSchema } from "../../../shared/model/preprocess.ts";
import { profileSchema } from "../../../shared/model/profile.ts";
import { gapLinear } from "../heads/gap-linear.ts";
import { untrainedHeads } from "../heads/head.ts";
import type { HeadKind } from "../heads/head-kind.ts";
import { type Backbone, cutPointByTensor } from "../onnx/backbone.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import { TestGraph } from "../onnx/testing/test-graphs.ts";
import { exitPolicies } from "../policies/index.ts";
import { parseProfile } from "./identified-profile.ts";
import { profileBackbone } from "./profile-backbone.ts";
import { profileMember, timeShares, withMembers } from "./profile-members.ts";
import { timeEntry } from "./time-entry.ts";
import type { ProfileSubject } from "./timed-models.ts";

const options = { provider: "cpu", threads: 1, policies: exitPolicies, seconds: 0.3, seed: 1 };

/** Blocks of 16 channels on an image of a side. */
function net(blocks: number, side: number, channels = 3) {
  const graph = new TestGraph();
  let features = graph.convRelu("image", channels, 16);
  for (let block = 0; block < blocks; block++) features = graph.residualBlock(features, 16);
  return graph.model([graph.classifier(features, 16, 10)], { shape: [1, channels, side, side] });
}

function subjectsOf(backbone: Backbone): ProfileSubject[] {
  return untrainedHeads(backbone, [{ kind: gapLinear as HeadKind, options: {} }]).map((head) => ({
    head,
    cut: cutPointByTensor(backbone.summary, head.cutPoint),
  }));
}

const unit = preprocessSchema.parse({});
let backbone: Backbone;
let small: Backbone;
beforeAll(async () => {
  backbone = await importProto(net(4, 32));
  small = await importProto(net(1, 32));
});

describe("a member's profile", () => {
  it("has its own cut points and heads, at the backbone's pace, and is part of the profile", async () => {
    const own = await profileBackbone(backbone, subjectsOf(backbone), options, silentJob);
    // As if the machine had been a thousand times slower when the backbone was measured.
    const slow = { ...own, backbone: { ...own.backbone, meanMs: 1000 * own.backbone.meanMs } };
    const member = { backbone: small, preprocess: unit, subjects: subjectsOf(small) };
    const timed = await profileMember(member, { backbone, preprocess: unit }, slow, options, silentJob);
    expect(timed).toMatchObject({ graphSha256: small.summary.graphSha256, name: "net" });
    expect(timed.entry).toBeUndefined();
    expect(timed.prefixes.map(({ cutPoint }) => cutPoint)).toEqual(
      small.summary.cutPoints.map(({ tensor }) => tensor),
    );
    expect(timed.heads).toHaveLength(small.summary.cutPoints.length * exitPolicies.length);
    // A good quarter of the work, whatever the machine does meanwhile.
    const ratio = timed.backbone.meanMs / slow.backbone.meanMs;
    expect(small.summary.macs / backbone.summary.macs).toBeCloseTo(0.267, 3);
    expect(ratio).toBeGreaterThan(1 / 15);
    expect(ratio).toBeLessThan(1);
    expect(timed.prefixes[0].meanMs).toBeLessThan(2 * timed.backbone.meanMs);

    const whole = withMembers(own, [timed]);
    expect(profileSchema.parse(whole)).toEqual(whole);
    expect(parseProfile(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
    expect(whole.id).not.toBe(own.id);
  });

  it("shares the time by size, and leaves a small network a part of it", () => {
    // 100 x 4 and 10 x 2 would be 0.952 and 0.048; the smaller one is raised to 0.1.
    const network = (macs: number, heads: number) => ({
      backbone: { ...backbone, summary: { ...backbone.summary, macs } },
      heads: { length: heads },
    });
    const [large, little] = timeShares([network(100, 3), network(10, 1)]);
    expect(large).toBeCloseTo(400 / 420 / (400 / 420 + 0.1), 12);
    expect(large + little).toBeCloseTo(1, 12);
    expect(timeShares([network(50, 1), network(50, 1)])).toEqual([0.5, 0.5]);
  });
});

describe("what it costs to come by a member's image", () => {
  async function entryOf(member: Backbone, preprocess: Preprocess, imageSize?: [number, number]) {
    const own = await profileBackbone(backbone, [], { ...options, seconds: 0.05 }, silentJob);
    const size = imageSize && { height: imageSize[0], width: imageSize[1], channels: 3 };
    return timeEntry(
      { backbone: member, preprocess },
      { backbone, preprocess: unit },
      own,
      { ...options, seconds: 0.1, imageSize: size },
      silentJob,
    );
  }

  it("is nothing where both read the same", async () => {
    expect(await entryOf(small, unit)).toBeUndefined();
  });

  it("is that of the operators for another scale", async () => {
    const entry = await entryOf(small, preprocessSchema.parse({ mean: [0.5], standardDeviation: [0.25] }));
    expect(entry!.count).toBeGreaterThanOrEqual(10);
    expect(entry!.meanMs).toBeGreaterThanOrEqual(0);
  });

  it("is that of resizing for another size, more for a larger image", async () => {
    const half = await importProto(net(1, 16, 1));
    const preprocess = preprocessSchema.parse({ resize: [16, 16], channels: "grey" });
    const entry = await entryOf(half, preprocess);
    const ofPhoto = await entryOf(half, preprocess, [1024, 1024]);
    expect(entry!.meanMs).toBeGreaterThan(0);
    // A thousand times the pixels.
    expect(ofPhoto!.meanMs).toBeGreaterThan(5 * entry!.meanMs);
  });

  it("says so where the data's images can't be brought to the member's size", async () => {
    const half = await importProto(net(1, 16));
    await expect(entryOf(half, unit, [32, 32])).rejects.toMatchObject({ code: "data-mismatch" });
  });
});
