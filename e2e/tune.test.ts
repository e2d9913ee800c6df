import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { noTorch, torchPython } from "../electron/engine/tune/testing/find-torch.ts";
import { ranksOnLoopback } from "../electron/engine/tune/testing/ranks.ts";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { planSchema } from "../shared/model/plan.ts";
import { childrenOf } from "./testing/children.ts";
import {
  expectRefusal,
  offramp,
  offrampJson,
  ownFolder,
  readJson,
  shared,
  smallRun,
  start,
  startProgram,
} from "./testing/command-line.ts";
import { gratings } from "./testing/gratings.ts";
import { exportedAnswers } from "./testing/right-answers.ts";
import { defaultNetwork, writeSmallNetwork } from "./testing/small-network.ts";
import { imagesPerClass, testImages, trainSeed } from "./testing/workspace.ts";

const own = ownFolder();
const python = torchPython ?? "python3";

/** One thread, so that losses are the same wherever this runs. */
const environment = { OMP_NUM_THREADS: "1" };

/** The networks of tests have random weights, which take small steps only. */
const recipe = ["--epochs", "2", "--batch-size", "40", "--learning-rate", "0.002", "--no-batch-norm"];

const epochSchema = z.object({
  epoch: z.number(),
  of: z.number(),
  loss: z.number().optional(),
  accuracies: z.array(z.number()),
});

/** What `offramp tune --json` prints. */
const tunedSchema = z.object({
  project: z.string(),
  epochs: z.array(epochSchema),
  tuned: z.object({
    sha256: z.string(),
    name: z.string(),
    from: z.string(),
    outputs: z.array(
      z.object({
        cutPoint: z.string().nullable(),
        head: z.string().nullable(),
        before: z.number(),
        after: z.number(),
      }),
    ),
  }),
});

/** So small that it learns in seconds. */
const form = { ...defaultNetwork, blocks: 2, channels: 12, seed: 6 };

beforeAll(async () => {
  await writeSmallNetwork(own.path("net.onnx"), gratings(imagesPerClass.train, trainSeed), form);
  const { code, stderr } = await offramp(smallRun(own.path("run"), own.path("net.onnx")));
  expect(code, stderr).toBe(0);
});

const project = () => own.path("run", "project.offramp");

/** Writes the folder of a training, and trains nothing. */
async function written(name: string): Promise<string> {
  const folder = own.path(name);
  const writing = ["tune", project(), "--write-only", "--folder", folder, ...recipe];
  const { code, stdout, stderr } = await offramp(writing);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain(`wrote ${folder}: net with 2 exits, 400 images`);
  return folder;
}

/** What train.py says, run by hand. */
async function trained(folder: string, ...environments: readonly Readonly<Record<string, string>>[]) {
  const running = environments.map((each) =>
    startProgram(python, ["train.py"], { cwd: folder, environment: { ...environment, ...each } }),
  );
  const ends = await Promise.all(running.map(({ finished }) => finished));
  for (const { code, stdout, stderr } of ends) expect(code, stdout + stderr).toBe(0);
  return ends[0].stdout
    .trim()
    .split("\n")
    .map((line) => epochSchema.safeParse(JSON.parse(line)))
    .flatMap(({ data }) => (data ? [data] : []));
}

test("a folder is written without PyTorch, for a person to read", async () => {
  const folder = await written("to-read");
  const network = await readFile(join(folder, "network.py"), "utf8");
  expect(network).toMatch(/self\.block1_first = nn\.Conv2d\(12, 12, 3, padding=1, bias=False\)/);
  expect(network).toMatch(/self\.exit_0_mixed_hidden_hidden = nn\.Linear\(/);
  expect(network).toMatch(/return \[exit_0_mixed_hidden, exit_1_mixed_hidden, logits\]/);
  const recipeText = await readFile(join(folder, "recipe.json"), "utf8");
  expect(JSON.parse(recipeText)).toMatchObject({ epochs: 2, batchSize: 40, batchNorm: false, flip: true });
  expect((await readdir(join(folder, "images"))).sort()).toEqual([
    "images.json",
    "train-0000.npy",
    "train.labels.npy",
  ]);
  // Another recipe is another training.
  const other = ["tune", project(), "--write-only", "--folder", folder, ...recipe, "--crop", "0"];
  await expectRefusal(other, {
    code: 2,
    says: /holds another training \(other crop\); name another folder with --folder/,
  });
  expect(await readFile(join(folder, "recipe.json"), "utf8")).toBe(recipeText);
});

test("two epochs of real PyTorch give a network that is searched, exported and verified", async (context) => {
  context.skip(torchPython === undefined, noTorch);
  const tuned = own.path("tuned.offramp");
  const result = await offrampJson(
    ["tune", project(), "-o", tuned, "--python", python, ...recipe],
    tunedSchema,
    { environment },
  );
  expect(result.project).toBe(tuned);
  expect(result.epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
  for (const { accuracies } of result.epochs) expect(accuracies).toHaveLength(3);
  expect(result.tuned.name).toBe("net tuned");
  expect(result.tuned.outputs.map(({ cutPoint }) => cutPoint)).toEqual(["stem", "block1", null]);
  expect(existsSync(own.path("tuned-training", "tuned.npz"))).toBe(true);

  const out = own.path("tuned-run");
  const searched = await offramp(["search", tuned, "--no-compare", "--max-drop", "20", "-o", out]);
  expect(searched.code, searched.stderr).toBe(0);
  const front = await readJson(join(out, "front.json"), frontFileSchema);
  const chain = front.searches[0].front.find(
    (plan) => plan.chain?.join() === result.tuned.sha256 && plan.exits.length > 0,
  );
  expect(chain).toBeDefined();
  const plan = planSchema.parse({
    format: "offramp-plan",
    version: 1,
    backboneSha256: front.backboneSha256,
    exits: chain!.exits,
    chain: chain!.chain,
  });
  const planPath = await own.write("tuned-plan.json", JSON.stringify(plan));
  const exported = own.path("exported");
  const exporting = await offramp(["export", tuned, "--plan", planPath, "-o", exported]);
  expect(exporting.code, exporting.stderr).toBe(0);
  const verifying = [
    "verify",
    join(exported, "model.onnx"),
    "--project",
    tuned,
    "--plan",
    planPath,
    "--data",
    shared("data"),
    "--json",
  ];
  const verified = await offramp(verifying);
  expect(verified.code, verified.stderr).toBe(0);
  const { right } = await exportedAnswers(join(exported, "model.onnx"));
  const verification = JSON.parse(verified.stdout);
  expect(verification).toMatchObject({ decisionAgreement: 1 });
  expect(verification.plan.accuracy).toBeCloseTo(right / testImages().labels.length, 12);
  // Drops are counted from the original, which the tuned network stands beside.
  const [original] = result.tuned.outputs.slice(-1);
  expect(verification.backbone.accuracy).toBeCloseTo(original.before, 12);
});

test("what was trained elsewhere is brought back, and is what would have been trained here", async (context) => {
  context.skip(torchPython === undefined, noTorch);
  const folder = await written("elsewhere");
  const elsewhere = own.path("on-a-server");
  await cp(folder, elsewhere, { recursive: true });
  const epochs = await trained(elsewhere, {});
  expect(epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
  await rm(join(elsewhere, "images"), { recursive: true });
  const back = own.path("back.offramp");
  const taken = await offrampJson(["tune", project(), "--results", elsewhere, "-o", back], tunedSchema);
  const here = own.path("here.offramp");
  const run = ["tune", project(), "--folder", folder, "-o", here, "--python", python, ...recipe];
  const trainedHere = await offrampJson(run, tunedSchema, { environment });
  expect(taken.tuned).toEqual(trainedHere.tuned);
  expect(taken.epochs).toEqual([]);
});

test("images that take more than their budget are decoded from their own files, to the same pixels", async (context) => {
  context.skip(torchPython === undefined, noTorch);
  const folder = own.path("from-files");
  const writing = [
    "tune",
    project(),
    "--write-only",
    "--folder",
    folder,
    "--image-budget",
    "0.0001",
    ...recipe,
  ];
  const { code, stderr } = await offramp(writing);
  expect(code, stderr).toBe(0);
  expect(await readdir(join(folder, "images"))).toEqual(["files.json"]);
  const listPath = join(folder, "images", "files.json");
  const list = JSON.parse(await readFile(listPath, "utf8"));
  expect(list.files).toHaveLength(400);
  expect(list).toMatchObject({ root: shared("data"), resize: null, isGrey: false, isBgr: false });
  const hasPillow = spawnSync(python, ["-c", "import PIL"]).status === 0;
  context.skip(!hasPillow, "no Pillow: install python3-pil");
  expect(await trained(folder, {})).toEqual(await trained(await written("from-shards"), {}));

  // Other pixels are other images.
  await rm(join(folder, "checkpoint.npz"));
  await writeFile(listPath, JSON.stringify({ ...list, isGrey: true }));
  const wrong = await startProgram(python, ["train.py"], { cwd: folder, environment }).finished;
  expect(wrong.stdout).toMatch(/"error": "Pillow makes other pixels of the first images than Offramp, by /);
  await writeFile(listPath, JSON.stringify({ ...list, root: "/none" }));
  const moved = await startProgram(python, ["train.py"], { cwd: folder, environment }).finished;
  expect(moved.stdout).toMatch(
    /"error": ".*can't be read .*images\/files\.json says under root where its files lie/,
  );
});

test("two processes learn what one does, by a launcher of the person's own", async (context) => {
  context.skip(torchPython === undefined, noTorch);
  const one = await trained(await written("one-process"), {});
  const ranks = await ranksOnLoopback(2);
  const folder = await written("two-processes");
  const two = await trained(folder, ...ranks);
  expect(two[0].accuracies).toEqual(one[0].accuracies);
  expect(two).toHaveLength(one.length);
  for (const [at, { loss }] of one.entries())
    if (loss !== undefined) expect(Math.abs(two[at].loss! / loss - 1)).toBeLessThan(0.25);

  // The same through the command line: a launcher starts both, and the command goes on where the folder is.
  const launcher = await own.write("launch.py", launcherSource(ranks));
  const out = own.path("launched.offramp");
  const launching = [
    "tune",
    project(),
    "--folder",
    folder,
    "-o",
    out,
    "--launcher",
    `${python} ${launcher}`,
    ...recipe,
  ];
  const launched = await offrampJson(launching, tunedSchema, { environment });
  expect(launched.epochs.map(({ loss }) => loss)).toEqual(two.map(({ loss }) => loss));
});

/** What torchrun does, as far as it is needed: Debian's doesn't start. */
function launcherSource(ranks: readonly Readonly<Record<string, string>>[]): string {
  return `import os, subprocess, sys
ranks = ${JSON.stringify(ranks)}
ends = [child.wait() for child in [subprocess.Popen([sys.executable, *sys.argv[1:]], env={**os.environ, **rank}) for rank in ranks]]
sys.exit(max(ends))
`;
}

/** A training that takes minutes, as one that is under way. */
async function underWay(name: string) {
  const out = own.path(`${name}.offramp`);
  const args = [
    "tune",
    project(),
    "-o",
    out,
    "--python",
    python,
    ...recipe,
    "--epochs",
    "400",
    "--patience",
    "400",
  ];
  const running = start(args, { environment });
  await running.said("epoch 2 of 400");
  return { running, args, out };
}

/** All processes below one. */
async function descendants(parent: number): Promise<number[]> {
  const children = await childrenOf(parent);
  const further = await Promise.all(children.map(descendants));
  return [...children, ...further.flat()];
}

const isAlive = (pid: number) => existsSync(`/proc/${pid}`) && !isZombie(pid);

function isZombie(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

async function endOf(pids: readonly number[]): Promise<void> {
  for (let tries = 0; tries < 100 && pids.some(isAlive); tries++) await delay(100);
  expect(pids.filter(isAlive)).toEqual([]);
}

test("Ctrl-C ends PyTorch too, and the next run goes on from the last epoch", async (context) => {
  context.skip(torchPython === undefined, noTorch);
  const { running, args } = await underWay("stopped");
  const started = await descendants(running.child.pid!);
  expect(started.length).toBeGreaterThanOrEqual(2);
  process.kill(-running.child.pid!, "SIGINT");
  const { code, stderr, stdout } = await running.finished;
  expect([code, stdout]).toEqual([130, ""]);
  expect(stderr).toMatch(/\nofframp: stopped; what was finished is kept[^\n]*\n$/);
  await endOf(started);

  const again = start(args, { environment });
  await again.said("epoch 3 of 400");
  process.kill(-again.child.pid!, "SIGINT");
  const { stderr: said } = await again.finished;
  // Those of before are said again, all at once and with no word on the time that is left.
  expect(said).toMatch(/\nbefore: .*\nepoch 1 of 400: loss .*%\nepoch 2 of 400: loss /);
  const firstLoss = /epoch 1 of 400: loss ([\d.]+)/;
  expect(firstLoss.exec(said)![1]).toBe(firstLoss.exec(stderr)![1]);
});

test("PyTorch doesn't outlive an Offramp that is killed", async (context) => {
  context.skip(torchPython === undefined, noTorch);
  const { running } = await underWay("killed");
  const [worker] = await childrenOf(running.child.pid!);
  const started = await descendants(worker);
  expect(started.length).toBeGreaterThanOrEqual(1);
  process.kill(worker, "SIGKILL");
  expect((await running.finished).code).toBe(1);
  await endOf(started);
});

test("what is missing or wrong is one line", async (context) => {
  const out = own.path("refused.offramp");
  const tune = ["tune", project(), "-o", out];
  await expectRefusal([...tune, "--python", "/none/python3"], {
    code: 2,
    says: /\/none\/python3 can't be started \(there is no such program\); name a Python that has PyTorch and NumPy with --python/,
  });
  await expectRefusal([...tune, "--launcher", "no-such-launcher 4", ...recipe], {
    code: 2,
    says: /no-such-launcher can't be started \(there is no such program\)/,
  });
  await expectRefusal([...tune, "--member", "other"], {
    code: 2,
    says: /--member other: the project's networks are net/,
  });
  await expectRefusal([...tune, "--exits", "9"], { code: 2, says: /--exits 9: expected auto, a plan\.json/ });
  await expectRefusal([...tune, "--results", own.path("run")], {
    says: /holds no training: it has no recipe\.json; give the folder that Offramp wrote$/m,
  });
  await expectRefusal(["tune", project()], { code: 2, says: /nowhere to write the tuned project/ });

  context.skip(torchPython === undefined, noTorch);
  // A module that doesn't compute what the model does isn't trained, and the layer is named.
  const folder = await written("changed");
  const path = join(folder, "network.py");
  const source = await readFile(path, "utf8");
  const wrong = source.replace(/= self\.block1_second\(/, "= 1.1 * self.block1_second(");
  expect(wrong).not.toBe(source);
  await writeFile(path, wrong);
  const { code, stdout } = await startProgram(python, ["train.py"], { cwd: folder, environment }).finished;
  expect(code).not.toBe(0);
  expect(stdout).toMatch(
    /"error": "output \d is .* off the original's, at most 1e-4 is allowed; the first layer that differs is block1\/second \(network\.py, line \d+\)/,
  );
  // Offramp writes its own over it.
  const again = ["tune", project(), "--folder", folder, "-o", out, "--python", python, ...recipe];
  await offrampJson(again, tunedSchema, { environment });
  expect(await readFile(path, "utf8")).toBe(source);
});
