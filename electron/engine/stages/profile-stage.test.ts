import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import type { ProfileQuality } from "../../../shared/model/profile.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { StageCache } from "../base/cache.ts";
import { gapLinear } from "../heads/gap-linear.ts";
import { type Head, untrainedHeads } from "../heads/head.ts";
import type { HeadKind } from "../heads/head-kind.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { decodeModel, encodeModel } from "../onnx/codec.ts";
import { modelIdentity } from "../onnx/model-identity.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import { residualNet } from "../onnx/testing/test-graphs.ts";
import { identifiedProfile } from "../profile/identified-profile.ts";
import { measureHeads, profileHeads, warnOfPoorProfile } from "./profile-stage.ts";

const target = { threads: 1, provider: "cpu" };

/** The same operators with other numbers in them, as many bytes. */
function twin<Model extends Backbone["proto"]>(proto: Model): Backbone["proto"] {
  const copy = decodeModel(encodeModel(proto), "twin");
  for (const tensor of copy.graph.initializer) if (tensor.dataType === 1) tensor.rawData.fill(1);
  return copy;
}

test("what was measured of one network is never another's, however alike they are and whatever they claim", async () => {
  const cache = new StageCache(await temporaryFolder());
  const genuine = await importProto(residualNet(2));
  const heads = untrainedHeads(genuine, [{ kind: gapLinear as HeadKind, options: {} }]);
  // Whether so short a measurement on a busy machine can be trusted is another question.
  const trusted: typeof measureHeads = async (...given) =>
    identifiedProfile({ ...(await measureHeads(...given)), quality: { trust: "fair", reasons: [] } });
  const measure = (backbone: Backbone, own: readonly Head[]) =>
    profileHeads({ cache, job: silentJob }, backbone, own, { target, seconds: 0.01 }, trusted);
  const kept = async () => (await readdir(cache.folder)).filter((name) => name.startsWith("profile-")).length;

  const other = twin(genuine.proto);
  const { fileSha256 } = genuine.summary;
  const impostor = { proto: other, summary: { ...genuine.summary, ...modelIdentity(other), fileSha256 } };
  expect(impostor.summary.graphSha256).toBe(genuine.summary.graphSha256);
  const first = await measure(impostor, heads);
  const profile = await measure(genuine, heads);
  expect(await kept()).toBe(2);
  expect(profile.id).not.toBe(first.id);

  const otherHeads = heads.map((head) => ({ ...head, model: twin(head.model) }));
  await measure(genuine, otherHeads);
  expect(await kept()).toBe(3);
  expect(await measure(genuine, heads)).toEqual(profile);
  expect(await kept()).toBe(3);
});

/** A cache, and profiles of the words given, one a measurement. */
async function measuring(...words: ProfileQuality["trust"][]) {
  const cache = new StageCache(await temporaryFolder());
  const backbone = await importProto(residualNet(1));
  const made: string[] = [];
  const warnings: string[] = [];
  const job = { ...silentJob, warn: (text: string) => void warnings.push(text) };
  const measure: typeof measureHeads = async (...given) => {
    const reasons = [`the ${made.length + 1}th`];
    const profile = identifiedProfile({
      ...(await measureHeads(...given)),
      quality: { trust: words[made.length], reasons },
    });
    made.push(profile.id);
    return profile;
  };
  const profile = async (until?: "good") =>
    (await profileHeads({ cache, job }, backbone, [], { target, seconds: 0.01, until }, measure)).id;
  return { profile, made, warnings };
}

test("a poor profile is warned of, neither kept nor taken; the first that is better is", async () => {
  const { profile, made, warnings } = await measuring("poor", "fair");
  const found = [await profile(), await profile(), await profile()];
  expect(found).toEqual([made[0], made[1], made[1]]);
  expect(made).toHaveLength(2);
  expect(warnings).toEqual([
    expect.stringMatching(/^The profile is poor \(the 1th\), so latencies and speed-ups/),
  ]);
});

test("until it is good, it is measured again, whatever was kept; and the good one is kept", async () => {
  const { profile, made } = await measuring("fair", "good");
  await profile();
  expect([await profile("good"), await profile("good"), await profile()]).toEqual(new Array(3).fill(made[1]));
  expect(made).toHaveLength(2);
});

test("a profile that says nothing of its quality isn't warned of", async () => {
  const { heads: _heads, ...rest } = await measureHeads(
    await importProto(residualNet(1)),
    [],
    target,
    0.01,
    silentJob,
  );
  const warn = () => expect.unreachable();
  warnOfPoorProfile({ ...rest, heads: [], quality: undefined }, { ...silentJob, warn });
});
