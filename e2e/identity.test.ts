import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { decodeModel, encodeModel } from "../electron/engine/onnx/codec.ts";
import { value } from "../electron/engine/onnx/graph-builder.ts";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { planSchema } from "../shared/model/plan.ts";
import { type Profile, profileSchema } from "../shared/model/profile.ts";
import {
  expectRefusal,
  newFolder,
  offramp,
  offrampJson,
  readJson,
  smallRun,
} from "./testing/command-line.ts";
import { gratings, writeImageFolder } from "./testing/gratings.ts";
import { defaultNetwork, writeSmallNetwork } from "./testing/small-network.ts";

let folder: string;
let environment: { OFFRAMP_CACHE: string };
const path = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = await newFolder();
  environment = { OFFRAMP_CACHE: path("cache") };
});

/** Writes the small network without saying how large its images are. */
async function writeOpenNetwork(name: string, seed: number): Promise<void> {
  await writeSmallNetwork(path(name), gratings(20, 1), { ...defaultNetwork, blocks: 2, seed });
  const proto = decodeModel(await readFile(path(name)), name);
  proto.graph!.input = [value("image", "float32", ["batch", 3, "height", "width"])];
  await writeFile(path(name), encodeModel(proto));
}

function profiled(model: string, size: string): Promise<Profile> {
  const out = path(`${model}-${size}.json`);
  const args = ["profile", path(model), "--input-size", size, "--profile-seconds", "0.3", "--out", out];
  return offrampJson(args, profileSchema, { environment });
}

test("a profile is of a graph at one size: it holds for other weights, another size has its own", async () => {
  await writeOpenNetwork("one.onnx", 5);
  await writeOpenNetwork("tuned.onnx", 6);
  const small = await profiled("one.onnx", "16x16");
  const large = await profiled("one.onnx", "32x32");
  expect(large.graphSha256).not.toBe(small.graphSha256);
  expect(large.id).not.toBe(small.id);
  // Times to the last bit: it was not measured again. A poor one, as a busy machine gives, is.
  const again = await profiled("one.onnx", "16x16");
  if (small.quality!.trust === "poor") expect(again.id).not.toBe(small.id);
  else expect(again).toEqual(small);
  // Other weights are: one might say how often a loop runs. Yet a profile holds for all of one graph.
  const tuned = await profiled("tuned.onnx", "16x16");
  expect(tuned.id).not.toBe(small.id);
  expect(tuned.graphSha256).toBe(small.graphSha256);
  const profile = ["--profile", path("one.onnx-32x32.json")];
  await expectRefusal([...smallRun(path("out"), path("one.onnx")), "--input-size", "16x16", ...profile], {
    says: /the profile was made for another model \(graph \w{8}…\) than one \(graph \w{8}…\); make one with/,
  });
});

test("a project of version 1 is searched, exported and verified as ever", async () => {
  const project = join("electron", "engine", "project", "testing", "version-1", "project.offramp");
  // The images that it was made with.
  await writeImageFolder(path("data", "train"), gratings(60, 1));
  await writeImageFolder(path("data", "val"), gratings(20, 2));
  await writeImageFolder(path("data", "test"), gratings(20, 3));
  const search = [
    "search",
    project,
    "--levels",
    "8",
    "--max-drop",
    "33",
    "--no-compare",
    "-o",
    path("found"),
  ];
  const front = await offrampJson(search, frontFileSchema, { environment });
  expect(front.recommended).toMatchObject({
    exits: [{ cutPoint: "stem", threshold: 0.2788829207420349 }],
    figures: { accuracy: 0.4625, latencyMs: { mean: 2.3214985576891842, worst: 5.323465384603528 } },
  });
  const plan = path("found", "plan.json");
  expect((await readJson(plan, planSchema)).backboneSha256).toBe(front.backboneSha256);
  const exported = ["export", project, "--plan", plan, "--format", "single-file", "--out", path("export")];
  expect((await offramp(exported, { environment })).code).toBe(0);
  const verify = ["verify", path("export", "model.onnx"), "--project", project, "--plan", plan];
  const figures = z.object({ decisionAgreement: z.number(), plan: z.object({ accuracy: z.number() }) });
  const verified = await offrampJson([...verify, "--data", path("data")], figures, { environment });
  expect(verified.decisionAgreement).toBe(1);
});
