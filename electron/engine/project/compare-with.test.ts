import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { describeDifference } from "../../../shared/presentation/graph/compare-networks.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { floatTensor, tensorNumbers } from "../onnx/tensors.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import { residualNet } from "../onnx/testing/test-graphs.ts";
import { compareWith } from "./compare-with.ts";
import { encodeProject } from "./project-archive.ts";
import { makeProject } from "./testing/test-project.ts";

let own: Backbone;
beforeAll(async () => {
  own = await importProto(residualNet(2));
});

async function comparedWith(bytes: Uint8Array, name = "other.onnx") {
  const folder = await temporaryFolder({ [name]: bytes });
  const difference = await compareWith(own, join(folder, name), silentJob);
  return { ...difference, words: describeDifference(difference) };
}

test("the same file is the same block for block, as a model and in a project", async () => {
  const asModel = await comparedWith(encodeModel(residualNet(2)));
  expect(asModel.words).toMatch(/^\d+ same$/);
  const asProject = await comparedWith(encodeProject(await makeProject()), "p.offramp");
  expect(asProject.rows).toEqual(asModel.rows);
});

test("one weight that differs is found in its block, and one block more as such", async () => {
  const tuned = residualNet(2);
  const first = tuned.graph.initializer[0];
  const numbers = Float32Array.from(tensorNumbers(first));
  numbers[0] += 1;
  tuned.graph.initializer[0] = floatTensor(first.name, numbers, first.dims.map(Number));
  const { rows } = await comparedWith(encodeModel(tuned));
  expect(rows.filter(({ state }) => state !== "same").map(({ state, changes }) => [state, changes])).toEqual([
    ["weights", ["weights of 1 operator"]],
  ]);
  const longer = await comparedWith(encodeModel(residualNet(3)));
  expect(longer.rows.filter(({ state }) => state === "only there").length).toBe(1);
  expect(longer.rows.filter(({ state }) => state === "only here")).toEqual([]);
});

test("what is no model is refused as everywhere", async () => {
  await expect(comparedWith(new TextEncoder().encode("nonsense"))).rejects.toMatchObject({
    code: "model-invalid",
  });
});
