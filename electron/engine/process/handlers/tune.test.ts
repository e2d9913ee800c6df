import { chmod, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { silentJob } from "../../../../shared/base/job.ts";
import type { Progress } from "../../../../shared/ipc/events.ts";
import { emptyDesign } from "../../../../shared/model/design.ts";
import { preprocessSchema } from "../../../../shared/model/preprocess.ts";
import { trainOptionsSchema } from "../../../../shared/model/stage-options.ts";
import { tuneOptionsSchema } from "../../../../shared/model/tune-options.ts";
import { StageCache } from "../../base/cache.ts";
import { gapLinear } from "../../heads/gap-linear.ts";
import type { HeadKind } from "../../heads/head-kind.ts";
import { importProto } from "../../onnx/testing/test-backbone.ts";
import { saveProject } from "../../project/project-archive.ts";
import { createStageRunner } from "../../stages/stage-context.ts";
import { colourFolder, colourNetwork, strongestColour } from "../../stages/testing/test-colour-network.ts";
import { doubled, writeResults } from "../../stages/testing/training-results.ts";
import { trainProject } from "../../stages/train-project.ts";
import { startTestEngine } from "../testing/test-engine.ts";

const facts = { python: "3.11.2", torch: "2.3.1", numpy: "1.26.4", gpus: [] };

/** Stands for train.py under Python: says epochs, then does as the recipe's seed says. */
const training = `
import { existsSync, readFileSync } from "node:fs";
const { epochs, seed, outputs } = JSON.parse(readFileSync("recipe.json", "utf8"));
const say = (facts) => console.log(JSON.stringify(facts));
const accuracies = (epoch) => outputs.map((_, output) => 0.5 + 0.01 * output + 0.1 * epoch);
for (let epoch = 0; epoch <= epochs; epoch++)
  say({ epoch, of: epochs, accuracies: accuracies(epoch), ...(epoch > 0 && { loss: 1 / epoch }) });
const wait = setInterval(() => {
  if (seed === 3 || !existsSync("tuned.npz")) return;
  clearInterval(wait);
  say({ done: true, epoch: epochs, protected: false });
}, 20);
if (seed === 2) {
  say({ error: "out of memory with 128 images a step" });
  process.exit(3);
}
`;

const options = (epochs: number, seed: number) => tuneOptionsSchema.parse({ epochs, seed });

/** A saved project of a small network with heads, open in an engine, and what stands for a Python. */
async function scene() {
  const folder = await colourFolder();
  const at = (...parts: string[]) => join(folder, ...parts);
  const python = at("python");
  await writeFile(at("training.mjs"), training);
  await writeFile(
    python,
    `#!/bin/sh\n[ "$1" = "-c" ] && echo '${JSON.stringify(facts)}' && exit\nexec "${process.execPath}" "${at("training.mjs")}"\n`,
  );
  await chmod(python, 0o755);
  const backbone = await importProto(colourNetwork(strongestColour));
  const heads = [{ kind: gapLinear as HeadKind, options: {} }];
  const { project, data } = await trainProject(
    backbone,
    { dataPath: at("data"), preprocess: preprocessSchema.parse({}), splits: {}, heads, training: learning },
    createStageRunner(new StageCache(at("cache")), () => silentJob),
  );
  await data.source.close();
  await saveProject(project, at("net.offramp"));
  const engine = startTestEngine(at("cache"));
  await engine.call("project.open", { path: at("net.offramp") });
  /** @param watch told where it is trained, once all its epochs are known */
  const tune = (epochs: number, seed: number, watch: (place: string) => void = () => {}) => {
    const request = { python, processes: 1, folder: null, options: options(epochs, seed) };
    return engine.start("project.tune", request, ({ tuning }: Progress) => {
      if (tuning?.epochs.at(-1)?.epoch === epochs) watch(at("net-training"));
    });
  };
  return { at, python, network: project.backbone.summary.sha256, engine, tune };
}

const learning = trainOptionsSchema.parse({ epochs: 2, batchSize: 32, seed: 1 });

const isPosix = process.platform !== "win32";

it.runIf(isPosix)("says what a Python has", async () => {
  const { engine, at, python } = await scene();
  expect(await engine.call("python.find", { python })).toEqual({ path: python, ...facts });
  await expect(engine.call("python.find", { python: at("none") })).rejects.toMatchObject({
    code: "usage",
    details: { missing: "python" },
  });
});

it.runIf(isPosix)("shows every epoch, and the result joins the project", async () => {
  const { at, network, tune } = await scene();
  let isWritten: Promise<void> | undefined;
  const call = tune(2, 1, (place) => {
    isWritten ??= writeResults(place, doubled);
  });
  const project = await call.response;
  await isWritten;
  expect(project.members.map(({ tunedFrom, backbone }) => [tunedFrom, backbone.name])).toEqual([
    [network, "net tuned"],
  ]);
  const shown = call.progress.flatMap(({ tuning }) => tuning ?? []);
  const last = shown.at(-1)!;
  expect(last.network).toBe(network);
  expect(last.exits.map(({ head }) => head)).toEqual(last.exits.map(() => "gap-linear"));
  expect(last.epochs.map(({ epoch, of, loss }) => [epoch, of, loss])).toEqual([
    [0, 2, undefined],
    [1, 2, 1],
    [2, 2, 0.5],
  ]);
  expect(last.epochs[1].accuracies[0]).toBeCloseTo(0.6, 12);
  expect(last.epochs[1].accuracies).toHaveLength(last.exits.length + 1);
  const warnings = call.progress.flatMap(({ warning }) => warning ?? []);
  expect(warnings).toContainEqual(
    expect.stringMatching(/^after no epoch the last output was as accurate as before/),
  );
  // Beside the project.
  expect(await readdir(at("net-training"))).toContain("tuned.npz");
});

it.runIf(isPosix)("another recipe gets a folder of its own, and a failure is one line", async () => {
  const { at, tune } = await scene();
  await expect(tune(1, 2).response).rejects.toMatchObject({ code: "training-failed" });
  await expect(tune(2, 2).response).rejects.toMatchObject({
    code: "training-failed",
    message: "out of memory with 128 images a step",
  });
  expect(await readdir(at("net-training-2"))).toContain("recipe.json");
});

it.runIf(isPosix)("is cancelled, and holds nothing up after that", async () => {
  const { at, network, engine, tune } = await scene();
  const call = tune(1, 3);
  await expect
    .poll(() => call.progress.some(({ tuning }) => tuning !== null), { timeout: 20_000 })
    .toBe(true);
  await expect(engine.call("project.removeMember", { sha256: network })).rejects.toThrow(
    "tuning a network is still under way",
  );
  call.cancel();
  await expect(call.response).rejects.toMatchObject({ code: "cancelled" });
  await engine.call("project.save", { path: at("after.offramp"), design: emptyDesign, copy: true });
});

it("is written for elsewhere, and taken back from there", async () => {
  const { at, network, engine } = await scene();
  const place = at("elsewhere");
  await engine.call("project.writeTuning", { folder: place, options: options(4, 1) });
  await expect(engine.call("project.takeTuning", { folder: place })).rejects.toMatchObject({
    code: "file-not-found",
  });
  await writeResults(place, (values) => values.map((value) => 3 * value));
  const { members } = await engine.call("project.takeTuning", { folder: place });
  expect(members.map(({ tunedFrom }) => tunedFrom)).toEqual([network]);
  await expect(
    engine.call("project.writeTuning", { folder: place, options: options(5, 1) }),
  ).rejects.toMatchObject({ details: { missing: "trainingFolder" } });
});
