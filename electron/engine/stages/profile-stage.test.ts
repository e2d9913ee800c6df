import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
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
import { profileHeads } from "./profile-stage.ts";

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
  const measure = (backbone: Backbone, own: readonly Head[]) =>
    profileHeads({ cache, job: silentJob }, backbone, own, { threads: 1, provider: "cpu" }, 0.01);
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
