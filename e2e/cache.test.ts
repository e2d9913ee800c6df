import { appendFile, cp, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startTestEngine } from "../electron/engine/process/testing/test-engine.ts";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { summarySchema } from "../shared/files/summary.ts";
import { preprocessSchema } from "../shared/model/preprocess.ts";
import { schemaDefaults } from "../shared/model/schema-fields.ts";
import { defaultSplitLimits, splitOptionsSchema, trainOptionsSchema } from "../shared/model/stage-options.ts";
import {
  finishedRun,
  newFolder,
  offramp,
  offrampJson,
  readJson,
  shared,
  smallRun,
} from "./testing/command-line.ts";

test("a corrupt cache entry is made again, not trusted", async () => {
  const folder = await newFolder();
  const environment = { OFFRAMP_CACHE: join(folder, "cache") };
  const entries = async (stage: string) =>
    (await readdir(environment.OFFRAMP_CACHE)).filter((name) => name.startsWith(`${stage}-`)).sort();
  const run = (out: string) => {
    const args = [...smallRun(join(folder, out)), "--profile", join(folder, "profile.json")];
    return offrampJson([...args, "--max-drop", "0.5"], summarySchema, { environment });
  };
  const profiling = [...smallRun(join(folder, "first")), "--max-drop", "0.5"];
  const first = await offrampJson(profiling, summarySchema, { environment });
  await cp(join(folder, "first", "profile.json"), join(folder, "profile.json"));

  const heads = await entries("head");
  expect(heads).toHaveLength(first.model.cutPoints);
  const file = (entry: string, name: string) => join(environment.OFFRAMP_CACHE, entry, name);
  const sound = await Promise.all(heads.map((head) => readFile(file(head, "head.onnx"))));
  // A changed weight, a cut file, a missing seal, garbage behind; and features and logits that lost a byte.
  const changed = Uint8Array.from(sound[0]);
  changed[changed.length - 40] ^= 1;
  await writeFile(file(heads[0], "head.onnx"), changed);
  await truncate(file(heads[1], "head.onnx"), 100);
  await writeFile(file(heads[2], "seal.json"), "{");
  await appendFile(file(heads[3], "head.json"), " ");
  for (const stage of ["features", "logits"])
    for (const entry of await entries(stage)) {
      const [name] = (await readdir(join(environment.OFFRAMP_CACHE, entry))).filter(
        (each) => each !== "seal.json",
      );
      const bytes = await readFile(file(entry, name));
      await truncate(file(entry, name), bytes.length - 1);
    }

  const again = await run("again");
  expect(await entries("head")).toEqual(heads);
  for (const [index, head] of heads.entries())
    expect(Buffer.compare(await readFile(file(head, "head.onnx")), sound[index]), head).toBe(0);
  expect(again.outputs).toEqual(first.outputs);
  expect(again.plan.exits).toEqual(first.plan.exits);
  expect(again.plan.exitRates).toEqual(first.plan.exitRates);
});

test("two runs at once share a cache, and find the same", async () => {
  const folder = await newFolder();
  const environment = { OFFRAMP_CACHE: join(folder, "cache") };
  const outs = ["a", "b", "c"].map((name) => join(folder, name));
  const profile = join((await finishedRun()).folder, "profile.json");
  const runs = outs.map((out) => {
    const args = [...smallRun(out), "--max-drop", "0.5", "--profile", profile];
    return offrampJson(args, summarySchema, { environment });
  });
  const summaries = await Promise.all(runs);
  for (const summary of summaries) {
    expect(summary.outputs).toEqual(summaries[0].outputs);
    expect(summary.plan.exits).toEqual(summaries[0].plan.exits);
    expect(summary.decisionAgreement).toBeGreaterThanOrEqual(0.999);
  }
  const fronts = await Promise.all(outs.map((out) => readJson(join(out, "front.json"), frontFileSchema)));
  expect(fronts[1].recommended).toEqual(fronts[0].recommended);
  expect((await readdir(environment.OFFRAMP_CACHE)).filter((name) => name.endsWith(".draft"))).toEqual([]);
});

test("the app finds what the command line has trained, with the options of each as they come", async () => {
  const folder = await newFolder();
  const environment = { OFFRAMP_CACHE: join(folder, "cache") };
  const args = [shared("model.onnx"), "--data", shared("data"), "--preprocess", shared("preprocess.json")];
  const out = ["-o", join(folder, "trained.offramp")];
  const { code, stderr } = await offramp(["train", ...args, ...out], { environment });
  expect(code, stderr).toBe(0);
  const made = async () => (await readdir(environment.OFFRAMP_CACHE)).sort();
  const before = await made();
  expect(before.filter((name) => name.startsWith("head-")).length).toBeGreaterThan(1);

  const engine = startTestEngine(environment.OFFRAMP_CACHE);
  await engine.call("model.open", { path: shared("model.onnx") });
  const { headKinds } = await engine.call("engine.describe", {});
  const [{ id, options }] = headKinds;
  await engine.call("project.train", {
    path: shared("data"),
    preprocess: preprocessSchema.parse(JSON.parse(await readFile(shared("preprocess.json"), "utf8"))),
    splits: { ...splitOptionsSchema.parse({}), ...defaultSplitLimits },
    heads: [{ kind: id, options: schemaDefaults(options) }],
    training: trainOptionsSchema.parse({}),
  });
  expect(await made()).toEqual(before);
});
