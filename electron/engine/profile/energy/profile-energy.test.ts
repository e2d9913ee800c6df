import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { silentJob } from "../../../../shared/base/job.ts";
import { preprocessSchema } from "../../../../shared/model/preprocess.ts";
import { type Latency, type Profile, profileSchema } from "../../../../shared/model/profile.ts";
import { gapLinear } from "../../heads/gap-linear.ts";
import { untrainedHeads } from "../../heads/head.ts";
import type { HeadKind } from "../../heads/head-kind.ts";
import { type Backbone, cutPointByTensor } from "../../onnx/backbone.ts";
import { importProto } from "../../onnx/testing/test-backbone.ts";
import { TestGraph } from "../../onnx/testing/test-graphs.ts";
import { top1 } from "../../policies/top1.ts";
import { parseProfile } from "../identified-profile.ts";
import { profileBackbone } from "../profile-backbone.ts";
import { profileMember } from "../profile-members.ts";
import { withReferences } from "../time-references.ts";
import type { ProfileSubject } from "../timed-models.ts";
import { startTickingSensor, type TickingSensor } from "./testing/ticking-sensor.ts";

const watts = 10;
/** For machines that do other things as well. */
const timeoutMs = 180_000;

function net(blocks: number, side = 32) {
  const graph = new TestGraph();
  let features = graph.convRelu("image", 3, 16);
  for (let block = 0; block < blocks; block++) features = graph.residualBlock(features, 16);
  return graph.model([graph.classifier(features, 16, 10)], { shape: [1, 3, side, side] });
}

function subjectsOf(backbone: Backbone): ProfileSubject[] {
  return untrainedHeads(backbone, [{ kind: gapLinear as HeadKind, options: {} }]).map((head) => ({
    head,
    cut: cutPointByTensor(backbone.summary, head.cutPoint),
  }));
}

let sensor: TickingSensor;
let backbone: Backbone;
let small: Backbone;
let profile: Profile;
const options = { provider: "cpu", threads: 1, policies: [top1], seconds: 0.3, seed: 1 };
let counted: typeof options & { energySensor: string };

beforeAll(async () => {
  sensor = await startTickingSensor(mkdtempSync(join(tmpdir(), "offramp-sensors-")), watts);
  counted = { ...options, energySensor: `file=${sensor.counter}` };
  backbone = await importProto(net(4));
  small = await importProto(net(1));
  profile = await profileBackbone(backbone, subjectsOf(backbone), counted, silentJob);
}, timeoutMs);
afterAll(() => sensor?.stop());

/** The sensor counts by the clock, and the machine is anything but idle, so that is all that is known beforehand. */
function isAbout({ energyMillijoules = Number.NaN, meanMs }: Latency): void {
  expect(energyMillijoules / (watts * meanMs)).toBeGreaterThan(0.2);
  expect(energyMillijoules / (watts * meanMs)).toBeLessThan(20);
}

test("a profile has an energy beside every latency, and its interval", () => {
  expect(profile.energySensor).toEqual({ name: `file ${sensor.counter}` });
  expect(parseProfile(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
  expect(profileSchema.parse(profile)).toEqual(profile);
  for (const timed of [profile.backbone, profile.final]) isAbout(timed);
  for (const timed of [
    profile.backbone,
    profile.final,
    ...profile.prefixes,
    ...profile.heads,
    profile.branch!,
  ]) {
    const [low, high] = timed.energyIntervalMillijoules!;
    expect(low).toBeLessThanOrEqual(timed.energyMillijoules!);
    expect(high).toBeGreaterThanOrEqual(timed.energyMillijoules!);
  }
  // Along the backbone they never fall, and stay below the final stage's.
  const energies = [...profile.prefixes, profile.final].map(({ energyMillijoules }) => energyMillijoules!);
  expect(energies).toEqual([...energies].sort((a, b) => a - b));
  expect(energies[0]).toBeLessThan(0.8 * energies[4]);
});

test("without a sensor a profile is as it was, and says why it has no energies", async () => {
  const own = await profileBackbone(backbone, [], { ...options, energySensor: "none" }, silentJob);
  expect(own.energySensor).toEqual({ none: "it was not wanted" });
  expect(own.backbone).not.toHaveProperty("energyMillijoules");
  expect(own.final).not.toHaveProperty("energyMillijoules");
});

test(
  "further networks have theirs at the backbone's, their own image's and references' too",
  async () => {
    const unit = preprocessSchema.parse({});
    const member = {
      backbone: small,
      preprocess: preprocessSchema.parse({ mean: [0.5], standardDeviation: [0.25] }),
      subjects: subjectsOf(small),
    };
    // As if the sensor had counted a thousand times as much when the backbone was measured.
    const strong = {
      ...profile,
      backbone: { ...profile.backbone, energyMillijoules: 1000 * profile.backbone.energyMillijoules! },
    };
    const timed = await profileMember(member, { backbone, preprocess: unit }, strong, counted, silentJob);
    const ratio = timed.backbone.energyMillijoules! / strong.backbone.energyMillijoules;
    expect(ratio).toBeGreaterThan(1 / 20);
    expect(ratio).toBeLessThan(1.2);
    const [prefix] = timed.prefixes;
    expect(prefix.energyMillijoules).toBeLessThan(1.5 * timed.backbone.energyMillijoules!);
    expect(prefix.energyMillijoules).toBeGreaterThan(0.05 * timed.backbone.energyMillijoules!);
    expect(timed.entry?.energyMillijoules).toBeGreaterThanOrEqual(0);
    const { references } = await withReferences(profile, backbone, [small], silentJob, counted.energySensor);
    expect(references![0].energyMillijoules! / profile.backbone.energyMillijoules!).toBeLessThan(1.2);
  },
  timeoutMs,
);

test("a sensor that a person named and that breaks ends the measurement", async () => {
  const broken = { ...counted, energySensor: "file=/no/such/counter" };
  await expect(profileBackbone(backbone, [], broken, silentJob)).rejects.toThrow(/no\/such\/counter/);
});
