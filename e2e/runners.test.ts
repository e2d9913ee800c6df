import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { encodeNpy } from "../electron/engine/base/npy.ts";
import { manifestSchema } from "../electron/engine/export/staged.ts";
import { decodeModel } from "../electron/engine/onnx/codec.ts";
import { findOnnxruntime } from "../electron/runtime/ensure-onnxruntime.mjs";
import { findPython, noPython } from "../electron/runtime/ensure-python.mjs";
import { fieldCountsSchema } from "../shared/files/field-counts.ts";
import { planSchema } from "../shared/model/plan.ts";
import { profileSchema } from "../shared/model/profile.ts";
import {
  finishedRun,
  nodeModules,
  offramp,
  ownFolder,
  readJson,
  shared,
  startProgram,
} from "./testing/command-line.ts";
import { classNames, imageChannels, imageSize, modelInput } from "./testing/gratings.ts";
import { testImages } from "./testing/workspace.ts";

const answerSchema = z.object({
  class: z.number(),
  name: z.string().optional(),
  exit: z.number(),
  confidence: z.number(),
  point: z.string().nullable().optional(),
});
type Answer = z.infer<typeof answerSchema>;

const shape = [imageChannels, imageSize, imageSize];
const pythonModules = "numpy, onnxruntime, PIL";
const python = findPython(pythonModules)!;

/** What the single-file export answers, image by image. */
let expected: Answer[];

const { path } = ownFolder();

beforeAll(async () => {
  const run = await finishedRun();
  await cp(join(run.folder, "staged"), path("staged"), { recursive: true });
  await symlink(nodeModules, path("node_modules"));
  const images = testImages();
  const data = modelInput(images);
  const count = images.labels.length;
  await writeFile(path("images.npy"), encodeNpy({ shape: [count, ...shape], data }));
  await writeFile(path("bytes.npy"), encodeNpy({ shape: [count, ...shape], data: images.bytes }));
  await mkdir(path("pictures"));
  const size = images.bytes.length / count;
  for (const [row, file] of pictures(count).entries()) {
    const header = `P6\n# of the test split\n${imageSize} ${imageSize} 255\n`;
    const pixels = images.bytes.subarray(row * size, (row + 1) * size);
    await writeFile(path(file), Buffer.concat([Buffer.from(header), pixels]));
  }
  expected = await singleFileAnswers(join(run.folder, "model.onnx"), data, count);
  // The exit rates that the confidence table predicts are what all of them have to show.
  const rates = run.summary.plan.exitRates.predicted.map(
    (_, exit) => expected.filter((answer) => answer.exit === exit).length / count,
  );
  expect(rates).toEqual(run.summary.plan.exitRates.predicted);
});

/** A file for each test image, in their order. */
function pictures(count: number): string[] {
  return Array.from({ length: count }, (_, row) => join("pictures", `${row}.ppm`));
}

async function singleFileAnswers(path: string, data: Float32Array, count: number): Promise<Answer[]> {
  const session = await InferenceSession.create(path);
  const size = data.length / count;
  const answers: Answer[] = [];
  for (let row = 0; row < count; row++) {
    const image = new Tensor("float32", data.slice(row * size, (row + 1) * size), [1, ...shape]);
    const { logits, exit, confidence } = await session.run({ image });
    const scores = logits.data as Float32Array;
    answers.push({
      class: scores.indexOf(Math.max(...scores)),
      exit: Number(exit.data[0]),
      confidence: Number(confidence.data[0]),
    });
  }
  await session.release();
  return answers;
}

function answersIn(stdout: string): Answer[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => answerSchema.parse(JSON.parse(line)));
}

function expectSameAnswers(stdout: string, those = expected): void {
  const answers = answersIn(stdout);
  const decisions = (all: readonly Answer[]) => all.map(({ class: label, exit }) => [label, exit]);
  expect(decisions(answers)).toEqual(decisions(those));
  for (const [row, { class: label, name, confidence }] of answers.entries()) {
    expect(confidence).toBeCloseTo(those[row].confidence, 4);
    expect(name).toBe(classNames[label]);
  }
}

test("both exports say how their input is made and what the classes are called", async () => {
  const run = await finishedRun();
  const { metadataProps } = decodeModel(await readFile(join(run.folder, "model.onnx")), "model.onnx");
  const told = (key: string) => JSON.parse(metadataProps.find((each) => each.key === key)!.value);
  const image = {
    name: "image",
    type: "float32",
    layout: "NCHW",
    frame: [imageSize, imageSize, imageChannels],
    preprocess: { scale: 1 / 255, mean: [0.5], standardDeviation: [0.25], channels: "rgb" },
  };
  expect(told("offramp.classes")).toEqual(classNames);
  expect(told("offramp.images")).toMatchObject([{ ...image, shape: [1, ...shape] }]);
  const manifest = await readJson(path("staged", "manifest.json"), manifestSchema);
  expect(manifest).toMatchObject({ version: 2, classNames, images: [{ ...image, shape: [null, ...shape] }] });
});

test("the file for uint8 images decides alike, and verify says so", async () => {
  const run = await finishedRun();
  const out = path("bytes");
  const exported = await offramp(["export", run.project, "--format", "uint8-file", "-o", out]);
  expect(exported.code, exported.stderr).toBe(0);
  const file = join(out, "model-uint8.onnx");
  const session = await InferenceSession.create(file);
  const { bytes, labels } = testImages();
  const size = bytes.length / labels.length;
  for (const row of labels.keys()) {
    const dims = [1, imageSize, imageSize, imageChannels];
    const pixels = new Tensor("uint8", bytes.slice(row * size, (row + 1) * size), dims);
    const { logits, exit } = await session.run({ pixels });
    const scores = logits.data as Float32Array;
    const decision = [scores.indexOf(Math.max(...scores)), Number(exit.data[0])];
    expect(decision).toEqual([expected[row].class, expected[row].exit]);
  }
  await session.release();
  const options = ["--project", run.project, "--data", shared("data"), "--json"];
  const verified = await offramp(["verify", file, ...options]);
  expect(verified.code, verified.stderr).toBe(0);
  expect(JSON.parse(verified.stdout)).toMatchObject({ decisionAgreement: 1, samples: labels.length });
});

test("run.mjs answers pictures like the exported file their preprocessed pixels", async () => {
  const files = pictures(expected.length);
  const run = (...args: string[]) =>
    startProgram("node", ["staged/run.mjs", ...args], { cwd: path() }).finished;
  const { code, stdout, stderr } = await run(...files);
  expect(code, stderr).toBe(0);
  expectSameAnswers(stdout);
  await writeFile(path("small.ppm"), Buffer.concat([Buffer.from("P6 2 1 255\n"), Buffer.alloc(6)]));
  const small = await run("small.ppm");
  expect(small.stderr).toBe(
    "run.mjs: the picture is 1x2 and after preprocessing 1x2, expected 16x16 (height x width)\n",
  );
});

test("run.mjs answers like the exported file, also when it is started through a link", async () => {
  const direct = await startProgram("node", ["run.mjs", "../images.npy"], { cwd: path("staged") }).finished;
  expect(direct.code, direct.stderr).toBe(0);
  expectSameAnswers(direct.stdout);
  await symlink(path("staged"), path("a link"));
  const linked = await startProgram("node", ["a link/run.mjs", "images.npy"], { cwd: path() }).finished;
  expect(linked.stdout).toBe(direct.stdout);
});

test("batch.mjs answers like the exported file, whatever its batches, and says its pace", async () => {
  for (const size of [1, 32]) {
    const args = ["--batch", `${size}`, "--time", "0.1", "images.npy"];
    const { stdout, stderr } = await startProgram("node", ["staged/batch.mjs", ...args], { cwd: path() })
      .finished;
    expectSameAnswers(stdout);
    const pace = JSON.parse(stderr);
    expect(pace).toMatchObject({ batch: size, perSecond: expect.any(Number) });
    expect(pace.samples % expected.length).toBe(0);
  }
});

/** Made when the first test asks for it. */
function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** The same plan, partitioned for a server where it has no exit. */
const stagedForServer = once(async (): Promise<string> => {
  const run = await finishedRun();
  const plan = await readJson(join(run.folder, "plan.json"), planSchema);
  const { prefixes } = await readJson(join(run.folder, "profile.json"), profileSchema);
  const cut = prefixes.find(({ cutPoint }) =>
    plan.exits.every((exit) => exit.cutPoint !== cutPoint),
  )!.cutPoint;
  await writeFile(path("partitioned.json"), JSON.stringify({ ...plan, cut }));
  const out = path("partitioned");
  const options = ["--plan", path("partitioned.json"), "--format", "staged", "-o", out];
  const { code, stderr } = await offramp(["export", run.project, ...options]);
  expect(code, stderr).toBe(0);
  const { stages, crossing } = await readJson(join(out, "staged", "manifest.json"), manifestSchema);
  expect(stages.filter(({ logits }) => logits === null)).toMatchObject([{ cutPoint: cut, target: "device" }]);
  expect(crossing).toMatchObject(stages.find(({ target }) => target === "server")!.input);
  return join(out, "staged");
});

test("run.mjs answers the same where the stages are split for a server", async () => {
  const staged = await stagedForServer();
  const { code, stdout, stderr } = await startProgram("node", ["run.mjs", path("images.npy")], {
    cwd: staged,
  }).finished;
  expect(code, stderr).toBe(0);
  expectSameAnswers(stdout);
});

/** An export of the run's plan with a point at which all leave at once, and that point's plan. */
const exportWithPoint = once(async (): Promise<{ out: string; atOnce: string; project: string }> => {
  const run = await finishedRun();
  const plan = await readJson(join(run.folder, "plan.json"), planSchema);
  const [first, ...rest] = plan.exits;
  const atOnce = path("at-once.json");
  await writeFile(atOnce, JSON.stringify({ ...plan, exits: [{ ...first, threshold: 0 }, ...rest] }));
  const out = path("points");
  const options = ["--point", `at-once=${atOnce}`, "--format", "single-file", "staged", "-o", out];
  const { code, stdout, stderr } = await offramp(["export", run.project, ...options]);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain("can be switched to at-once without loading anything");
  return { out, atOnce, project: run.project };
});

test("an export with operating points is verified at each, and run.mjs takes them by name", async () => {
  const { out, atOnce, project } = await exportWithPoint();
  const options = ["--project", project, "--data", shared("data"), "--json"];
  for (const file of ["model.onnx", "staged"])
    for (const [plan, rate] of [
      [[], expected.filter(({ exit }) => exit === 0).length / expected.length],
      [["--plan", atOnce], 1],
    ] as const) {
      const { code, stdout, stderr } = await offramp(["verify", join(out, file), ...plan, ...options]);
      expect(code, stderr).toBe(0);
      const { decisionAgreement, plan: measured } = JSON.parse(stdout);
      expect([decisionAgreement, measured.exitRates[0]]).toEqual([1, rate]);
    }
  const run = (...args: string[]) =>
    startProgram("node", [join(out, "staged", "run.mjs"), ...args], { cwd: path() }).finished;
  const { stdout, stderr } = await run("--point", "at-once", "images.npy");
  const exits = answersIn(stdout).map(({ exit }) => exit);
  expect(exits, stderr).toEqual(expected.map(() => 0));
  expectSameAnswers((await run("images.npy")).stdout);
  const unknown = await run("--point", "slow", "images.npy");
  expect(unknown.stderr).toBe("run.mjs: the export has no point slow\n");
});

/** An export of the run's plan whose exits answer together, and what its single file answers. */
const exportTogether = once(async (): Promise<{ staged: string; answers: Answer[] }> => {
  const run = await finishedRun();
  const out = path("together");
  const where = ["--project", run.project, "--data", shared("data")];
  const exported = await offramp(["export", run.project, "--ensemble", "--data", shared("data"), "-o", out]);
  expect(exported.code, exported.stderr).toBe(0);
  const staged = join(out, "staged");
  const options = ["--plan", join(out, "plan.json"), "--verify-seconds", "1", "--json"];
  const verified = await offramp(["verify", staged, ...where, ...options]);
  expect(verified.code, verified.stderr).toBe(0);
  const images = testImages();
  const answers = await singleFileAnswers(join(out, "model.onnx"), modelInput(images), images.labels.length);
  expect(JSON.parse(verified.stdout)).toMatchObject({ decisionAgreement: 1 });
  return { staged, answers };
});

test("stages whose exits answer together are verified, and answer like the one file in batches too", async () => {
  const { staged, answers } = await exportTogether();
  for (const runner of ["run.mjs", "batch.mjs"]) {
    const { stdout, stderr } = await startProgram("node", [join(staged, runner), "images.npy"], {
      cwd: path(),
    }).finished;
    expect(stderr).toBe("");
    expectSameAnswers(stdout, answers);
  }
});

/** Has a runner hold two budgets and count, and expects every image at the point that each leaves to it. */
async function expectBudgetsHeld(
  name: string,
  program: string,
  argsOf: (staged: string, options: readonly string[]) => string[],
): Promise<void> {
  const file = path(`${name}-counts.json`);
  const { out } = await exportWithPoint();
  const run = (...options: string[]) => {
    const args = argsOf(join(out, "staged"), [...options, "--counts", file]);
    return startProgram(program, [...args, "images.npy"], { cwd: path() }).finished;
  };
  // A year and a nanosecond: the dearest point, and after a few images the cheapest.
  const ample = await run("--budget-ms", "3e10");
  expectSameAnswers(ample.stdout);
  expect(ample.stderr).toMatch(/ ms on average, 100\.0 % within /);
  const tight = await run("--budget-ms", "1e-6", "--quantile", "0.9");
  expect(
    answersIn(tight.stdout).findLast(() => true),
    tight.stderr,
  ).toMatchObject({ exit: 0, point: "at-once" });
  const { points } = await readJson(file, fieldCountsSchema);
  const count = expected.length;
  const [own, atOnce] = points;
  expect(own.inputs + atOnce.inputs).toBe(2 * count);
  expect(own.inputs).toBeLessThan(1.1 * count);
  const isTimed = !name.startsWith("batch");
  expect(points.map(({ name, latency }) => [name, latency?.inputs])).toEqual([
    [null, isTimed ? own.inputs : undefined],
    ["at-once", isTimed ? atOnce.inputs : undefined],
  ]);
  expect(atOnce.exits[0].left).toBe(atOnce.inputs);
  await writeFile(file, "{}");
  const damaged = await run();
  expect(damaged.stderr).toBe(
    `${name}: ${file} holds no counts of version 1, or is damaged; name another file\n`,
  );
}

function expectScriptHoldsBudgets(program: string, script: string, ...own: string[]): Promise<void> {
  return expectBudgetsHeld(script, program, (staged, options) => [join(staged, script), ...own, ...options]);
}

test.each([["run.mjs"], ["batch.mjs", "--batch", "2"]])(
  "%s holds a budget by moving along the points, and counts",
  (script, ...own) => expectScriptHoldsBudgets("node", script, ...own),
);

test("run.mjs says in one line what it can't run", async () => {
  const run = (...args: string[]) =>
    startProgram("node", ["staged/run.mjs", ...args], { cwd: path() }).finished;
  const silent = await run();
  expect(silent).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^run\.mjs: say which images [^\n]+\n$/),
  });
  const bytes = await run("bytes.npy");
  expect(bytes.code).toBe(1);
  expect(bytes.stderr).toMatch(/^run\.mjs: bytes\.npy must hold float32 [^\n]+\n$/);
});

test("run.py answers like the exported file", async (context) => {
  context.skip(!python, noPython(pythonModules));
  const { code, stdout, stderr } = await startProgram(python, ["staged/run.py", "images.npy"], {
    cwd: path(),
  }).finished;
  expect(code, stderr).toBe(0);
  expectSameAnswers(stdout);
  const inBatches = ["staged/batch.py", "--batch", "7", "--time", "0.1", "images.npy"];
  const batched = await startProgram(python, inBatches, { cwd: path() }).finished;
  expectSameAnswers(batched.stdout);
  expect(JSON.parse(batched.stderr)).toMatchObject({ batch: 7, perSecond: expect.any(Number) });
  const waiting = ["staged/batch.py", "--wait", "0", "images.npy"];
  expectSameAnswers((await startProgram(python, waiting, { cwd: path() }).finished).stdout);
  const runner = join(await stagedForServer(), "run.py");
  const partitioned = await startProgram(python, [runner, "images.npy"], { cwd: path() }).finished;
  expect(partitioned.code, partitioned.stderr).toBe(0);
  expectSameAnswers(partitioned.stdout);
  const ofPictures = await startProgram(python, ["staged/run.py", ...pictures(expected.length)], {
    cwd: path(),
  }).finished;
  expect(ofPictures.code, ofPictures.stderr).toBe(0);
  expectSameAnswers(ofPictures.stdout);
  const together = await exportTogether();
  for (const name of ["run.py", "batch.py"]) {
    const { stdout } = await startProgram(python, [join(together.staged, name), "images.npy"], {
      cwd: path(),
    }).finished;
    expectSameAnswers(stdout, together.answers);
  }
  const { out } = await exportWithPoint();
  const atOnce = [join(out, "staged", "run.py"), "--point", "at-once", "images.npy"];
  const switched = await startProgram(python, atOnce, { cwd: path() }).finished;
  const exits = answersIn(switched.stdout).map(({ exit }) => exit);
  expect(exits, switched.stderr).toEqual(expected.map(() => 0));
  await expectScriptHoldsBudgets(python, "run.py");
  await expectScriptHoldsBudgets(python, "batch.py", "--batch", "2");
  const program = `
import json, sys
import numpy as np
import onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1])
told = json.loads(session.get_modelmeta().custom_metadata_map["offramp.points"])
(point,) = told
chosen = {f"offramp/{k}/threshold": np.array(limit, np.float32) for k, limit in enumerate(point["thresholds"])}
images = np.load("images.npy")
exits = [[int(session.run(["exit"], {"image": image[None], **more})[0][0]) for image in images] for more in ({}, chosen)]
print(json.dumps(exits))
`;
  const single = await startProgram(python, ["-c", program, join(out, "model.onnx")], { cwd: path() })
    .finished;
  expect(single.code, single.stderr).toBe(0);
  expect(JSON.parse(single.stdout)).toEqual([expected.map(({ exit }) => exit), expected.map(() => 0)]);
  const bytes = await startProgram(python, ["staged/run.py", "bytes.npy"], { cwd: path() }).finished;
  expect(bytes.code).toBe(1);
  expect(bytes.stderr).toMatch(/^run\.py: bytes\.npy holds uint8 \[240, 3, 16, 16\], expected float32 /);
});

/** The C++ runner, built as its users build it. */
async function builtRunner({ include, library }: NonNullable<ReturnType<typeof findOnnxruntime>>) {
  const kit = [`-DONNXRUNTIME_INCLUDE=${include}`, `-DONNXRUNTIME_LIBRARY=${library}`];
  for (const step of [
    ["-S", path("staged", "cpp"), "-B", path("build"), ...kit],
    ["--build", path("build")],
  ]) {
    const { code, stdout, stderr } = await startProgram("cmake", step).finished;
    expect(code, stdout + stderr).toBe(0);
  }
  return path("build", "run");
}

test("the C++ runner answers like the exported file, which it runs as well", async (context) => {
  const kit = findOnnxruntime();
  context.skip(
    !kit,
    "C++ and ONNX Runtime's headers aren't there; see electron/runtime/ensure-onnxruntime.mjs",
  );
  const program = await builtRunner(kit!);
  const run = (...args: string[]) => startProgram(program, args, { cwd: path() }).finished;
  const { out } = await exportWithPoint();
  const forms = [path("staged"), await stagedForServer(), join(out, "model.onnx"), join(out, "staged")];
  for (const form of forms)
    for (const images of [["images.npy"], pictures(expected.length)]) {
      const { code, stdout, stderr } = await run(form, ...images);
      expect(code, stderr).toBe(0);
      expectSameAnswers(stdout);
    }
  const together = await exportTogether();
  expectSameAnswers((await run(together.staged, "images.npy")).stdout, together.answers);
  for (const form of ["model.onnx", "staged"]) {
    const { stdout, stderr } = await run("--point", "at-once", join(out, form), "images.npy");
    const exits = stdout
      .trimEnd()
      .split("\n")
      .map((line) => answerSchema.parse(JSON.parse(line)).exit);
    expect(exits, stderr).toEqual(expected.map(() => 0));
  }
  await expectBudgetsHeld("run", program, (staged, options) => [...options, staged]);
  const single = await run("--budget-ms", "3e10", join(out, "model.onnx"), "images.npy");
  expectSameAnswers(single.stdout);
  expect(single.stderr).toMatch(/run: \S+ ms on average, 100\.0 % within 3e\+10 ms\n$/);
  const counted = await Promise.all([
    run("--counts", "counted-here.json", "staged", "images.npy"),
    startProgram("node", ["staged/run.mjs", "--counts", "counted-there.json", "images.npy"], { cwd: path() })
      .finished,
  ]);
  expect(counted.map(({ stderr }) => stderr)).toEqual(["", ""]);
  const [here, there] = await Promise.all(
    ["here", "there"].map(async (where) => {
      const { points, ...rest } = await readJson(path(`counted-${where}.json`), fieldCountsSchema);
      return { ...rest, points: points.map((point) => ({ ...point, latency: point.latency?.inputs })) };
    }),
  );
  expect(here).toEqual(there);
  const timed = await run("--threads", "2", "--spin", "--time", "0.1", "staged", "images.npy");
  expectSameAnswers(timed.stdout);
  const { samples, meanMs, medianMs, p95Ms, perSecond } = JSON.parse(timed.stderr);
  expect(samples % expected.length).toBe(0);
  expect(p95Ms).toBeGreaterThanOrEqual(medianMs);
  expect(perSecond).toBeCloseTo(1000 / meanMs, -1);
  const refusals = {
    "run: the export has no point slow\n": ["--point", "slow", "staged", "images.npy"],
    "run: a single file doesn't say how sure the exits were that a sample passed, so it can't be counted; run the folder of the staged export\n":
      ["--counts", "counts.json", join((await finishedRun()).folder, "model.onnx"), "images.npy"],
    "run: --threads takes a number, not many\n": ["--threads", "many", "staged", "images.npy"],
    "run: staged/run.mjs is no binary PPM file with a byte for each colour\n": ["staged", "staged/run.mjs"],
  };
  for (const [stderr, args] of Object.entries(refusals))
    expect(await run(...args)).toMatchObject({ code: 1, stdout: "", stderr });
  expect((await run("staged", "bytes.npy")).stderr).toMatch(
    /^run: bytes\.npy must hold float32 \[images, 3, 16, 16\] in C order; its header is [^\n]+\n$/,
  );
});
