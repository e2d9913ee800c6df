import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { encodeNpz } from "../electron/engine/base/npz.ts";
import { openProject } from "../electron/engine/index.ts";
import { decodeModel, encodeModel } from "../electron/engine/onnx/codec.ts";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { outputQualitySchema } from "../shared/files/summary.ts";
import { backboneSummarySchema } from "../shared/model/backbone.ts";
import { planSchema } from "../shared/model/plan.ts";
import { profileSchema } from "../shared/model/profile.ts";
import { providerViewSchema } from "../shared/model/this-machine.ts";
import {
  expectRefusal,
  finishedRun,
  newFolder,
  offramp,
  offrampJson,
  readJson,
  shared,
  smallData,
} from "./testing/command-line.ts";
import { severalLabels, twoHeads } from "./testing/odd-models.ts";

const verificationSchema = z.object({
  samples: z.number(),
  backbone: z.object({ accuracy: z.number() }),
  plan: z.object({ accuracy: z.number(), exitRates: z.array(z.number()) }),
  decisionAgreement: z.number(),
  prediction: z.object({ predicted: z.object({ exitRates: z.array(z.number()) }) }),
});

let run: Awaited<ReturnType<typeof finishedRun>>;

beforeAll(async () => {
  run = await finishedRun();
});

describe("providers", () => {
  test("lists what works on this machine, and why the others don't", async () => {
    const { providers } = await offrampJson(
      ["providers"],
      z.object({ providers: z.array(providerViewSchema) }),
    );
    expect(providers).toContainEqual({ name: "cpu", obstacle: null });
    const { stdout } = await offramp(["providers"]);
    for (const { name, obstacle } of providers) {
      const line = stdout.split("\n").find((text) => text.startsWith(`${name} `));
      expect(line).toContain(obstacle === null ? "works" : `no: ${obstacle}`);
    }
    const broken = providers.find(({ obstacle }) => obstacle !== null);
    if (!broken) return;
    const refused = await offramp(["profile", "no-such.onnx", "--provider", broken.name, "-o", "p.json"]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      `'${broken.name}' doesn't work on this machine: ${broken.obstacle}; choose`,
    );
  });
});

describe("inspect", () => {
  test("shows input, output, costs and cut points", async () => {
    const summary = await offrampJson(["inspect", shared("model.onnx")], backboneSummarySchema);
    expect(summary.input).toMatchObject({
      name: "image",
      channels: 3,
      height: 16,
      width: 16,
      dynamicBatch: true,
    });
    expect(summary.output).toMatchObject({ name: "logits", classes: 4, kind: "logits" });
    const tensors = summary.cutPoints.map(({ tensor }) => tensor);
    for (const block of ["stem", "block1", "block2", "block3", "block4", "block5"])
      expect(tensors).toContain(block);
    // The stem, twelve convolutions of 32 to 32 channels, the classifier; at 16x16.
    expect(summary.macs).toBe(256 * 9 * 32 * (3 + 12 * 32) + 32 * 4);
    expect(summary.parameters).toBe(9 * 32 * (3 + 12 * 32) + 32 * 4 + 4);
    const { stdout } = await offramp(["inspect", shared("model.onnx")]);
    expect(stdout).toMatch(/^model: float32, opset 13/);
    expect(stdout).toMatch(/4 classes, logits/);
    expect(stdout).toMatch(/block3 +32x16x16 +\d+\.\d %/);
  });

  test("takes the image size of a model that leaves it open", async () => {
    const path = join(await newFolder(), "open.onnx");
    await writeFile(path, withOpenSize(await readFile(shared("model.onnx"))));
    const refused = await offramp(["inspect", path]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/leaves the image size open .* --input-size 224x224/);
    const summary = await offrampJson(["inspect", path, "--input-size", "24x20"], backboneSummarySchema);
    expect(summary.input).toMatchObject({ height: 24, width: 20 });
    expect(summary.macs).toBe(24 * 20 * 9 * 32 * (3 + 12 * 32) + 32 * 4);
  });

  test("asks which of several outputs holds the class scores", async () => {
    const path = join(await newFolder(), "heads.onnx");
    await writeFile(path, encodeModel(twoHeads()));
    await expectRefusal(["inspect", path], {
      says: /2 outputs that may be its class scores \(colour: float32 \[1, 4\], shape: float32 \[1, 2\]\); say which with --output NAME\n$/,
    });
    const summary = await offrampJson(["inspect", path, "--output", "shape"], backboneSummarySchema);
    expect(summary.output).toMatchObject({ name: "shape", classes: 2 });
    await expectRefusal(["inspect", path, "--output", "size"], {
      code: 2,
      says: /heads\.onnx makes no tensor 'size'; its outputs are colour, shape/,
    });
  });

  test("warns of what is odd about a model, once, and goes on", async () => {
    const path = join(await newFolder(), "tags.onnx");
    await writeFile(path, encodeModel(severalLabels()));
    const { code, stdout, stderr } = await offramp(["inspect", path]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/4 classes, probabilities/);
    expect(stderr.match(/^warning: .*$/gm)).toEqual([
      expect.stringMatching(/the 4 probabilities of tags don't exclude each other/),
    ]);
    const { warnings } = await offrampJson(["inspect", path], backboneSummarySchema);
    expect(warnings.map((warning) => warning.code)).toEqual(["multi-label"]);
    expect((await offramp(["inspect", path, "--quiet"])).stderr).toBe("");
  });
});

describe("each stage by itself", () => {
  let folder: string;
  const path = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await newFolder();
  });

  test("train writes a project with a head at every cut point", async () => {
    const project = path("trained.offramp");
    const schema = z.object({ project: z.string(), outputs: z.array(outputQualitySchema) });
    const printed = await offrampJson(["train", shared("model.onnx"), ...smallData(), "-o", project], schema);
    expect(printed.project).toBe(project);
    const opened = await openProject(project);
    const cuts = opened.backbone.summary.cutPoints.map(({ tensor }) => tensor);
    expect(opened.heads.map(({ cutPoint }) => cutPoint)).toEqual(cuts);
    expect(printed.outputs.map(({ cutPoint }) => cutPoint)).toEqual([...cuts, null]);
    // Better than chance (0.25) everywhere, so they were trained.
    for (const { accuracy } of printed.outputs) expect(accuracy).toBeGreaterThan(0.5);
    expect(opened.plans).toEqual([]);
    expect(opened.profiles).toEqual([]);
    expect(await readdir(folder)).toEqual(["trained.offramp"]);
  });

  test("profile measures a model without data, and a project's own heads", async () => {
    const args = ["--profile-seconds", "0.5", "--threads", "2", "--head", "gap-linear", "-o", path("p.json")];
    const profile = await offrampJson(["profile", shared("fixed.onnx"), ...args], profileSchema);
    expect(profile).toEqual(await readJson(path("p.json"), profileSchema));
    expect(profile.target).toMatchObject({ threads: 2, provider: "cpu" });
    expect([...new Set(profile.heads.map(({ head }) => head))]).toEqual(["gap-linear"]);
    expect([...new Set(profile.heads.map(({ policy }) => policy))].sort()).toEqual([
      "entropy",
      "entropy-per-class",
      "margin",
      "margin-per-class",
      "top1",
      "top1-per-class",
    ]);
    const medians = profile.prefixes.map(({ medianMs }) => medianMs);
    expect(medians.length).toBeGreaterThanOrEqual(3);
    expect(medians.at(-1)!).toBeGreaterThan(medians[0]);
    expect(profile.backbone.medianMs).toBeGreaterThan(medians[0]);
    const { stdout, code } = await offramp([
      ...["profile", path("trained.offramp"), "--profile-seconds", "0.5", "-o", path("profile.json")],
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/backbone [\d.]+ ms/);
  });

  test("search finds a front from a project and a profile, and the alternatives never beat the proven one", async () => {
    const args = ["search", path("trained.offramp"), "--profile", path("profile.json"), "--max-drop", "1"];
    const front = await offrampJson([...args, "-o", path("found")], frontFileSchema);
    expect(front).toEqual(await readJson(path("found/front.json"), frontFileSchema));
    expect(front.searches.map(({ algorithm }) => algorithm)).toEqual([
      "exact",
      "nsga2",
      "annealing",
      "random",
      "local",
    ]);
    const [exact, ...others] = front.searches;
    expect(exact.proven).toBe(true);
    for (const other of others) expect(other.hypervolume).toBeLessThanOrEqual(exact.hypervolume + 1e-12);
    expect(front.recommended.feasible).toBe(true);
    expect(front.recommended.figures.accuracy).toBeGreaterThanOrEqual(front.backbone.accuracy - 0.01 - 1e-9);
    const plan = await readJson(path("found/plan.json"), planSchema);
    expect(plan.exits).toEqual(front.recommended.exits);
    // Few images: a plan may be safe or not; if one is it has its file.
    expect(front.dropBounds).toMatchObject({ confidence: 0.95 });
    for (const { drop, exits } of exact.front)
      if (exits.length > 0) expect(drop!.keptProbability).toBeGreaterThan(0);
    const safe = front.safe?.plan;
    const files = ["front.json", ...(safe ? ["plan-safe.json"] : []), "plan.json"];
    expect((await readdir(path("found"))).sort()).toEqual(files);
    if (safe) expect(safe.drop!.keptProbability).toBeGreaterThanOrEqual(0.95);
  });

  test("export writes the formats asked for, and verify finds the predicted exit rates in each", async () => {
    const plan = ["--plan", path("found/plan.json")];
    const made = await offramp(["export", path("trained.offramp"), ...plan, "-o", path("made/deep")]);
    expect(made.code, made.stderr).toBe(0);
    expect((await readdir(path("made/deep"))).sort()).toEqual([
      "model.onnx",
      "plan.json",
      "staged",
      "training.onnx",
    ]);
    for (const target of ["made/deep/model.onnx", "made/deep/staged"]) {
      const verification = await offrampJson(
        [
          ...["verify", path(target), "--project", path("trained.offramp"), ...plan],
          ...["--profile", path("profile.json"), "--data", shared("data")],
        ],
        verificationSchema,
      );
      expect(verification.samples).toBe(240);
      expect(verification.decisionAgreement).toBeGreaterThanOrEqual(0.999);
      const { exitRates } = verification.prediction.predicted;
      for (const [exit, rate] of verification.plan.exitRates.entries())
        expect(rate).toBeCloseTo(exitRates[exit], 9);
    }
    const one = await offramp([
      ...["export", path("trained.offramp"), ...plan, "--format", "single-file", "-o", path("one")],
    ]);
    expect(one.stdout).toMatch(/^\S+one\/model\.onnx {2}Runs in any stock ONNX Runtime/);
    expect((await readdir(path("one"))).sort()).toEqual(["model.onnx", "plan.json"]);
  });

  test("calibrate shows the project's own figures, writes tables, and calibrates anew on other data", async () => {
    const schema = z.object({ outputs: z.array(outputQualitySchema) });
    const project = path("trained.offramp");
    const own = await offrampJson(["calibrate", project, "--tables", path("tables")], schema);
    expect(own.outputs).toEqual([...(await openProject(project)).outputs]);
    expect((await readdir(path("tables"))).sort()).toEqual(
      ["calibration", "test"].flatMap((split) =>
        ["entropy", "margin", "top1"].map((id) => `${split}-${id}.npz`),
      ),
    );
    const again = await offrampJson(
      ["calibrate", project, "--data", shared("data", "test"), "-o", path("again.offramp")],
      schema,
    );
    const recalibrated = await openProject(path("again.offramp"));
    expect(recalibrated.data?.path).toBe(shared("data", "test"));
    expect(again.outputs).toEqual([...recalibrated.outputs]);
    expect(again.outputs).not.toEqual(own.outputs);
  });
});

describe("search on a table from elsewhere", () => {
  const samples = 1000;
  const profile = {
    format: "offramp-profile",
    version: 2,
    graphSha256: "made-elsewhere",
    target: { device: "phone", operatingSystem: "android", runtime: "tflite", provider: "gpu", threads: 1 },
    backbone: latency(10),
    final: latency(10),
    prefixes: [
      { cutPoint: "early", ...latency(2) },
      { cutPoint: "late", ...latency(6) },
    ],
    heads: ["early", "late"].map((cutPoint) => ({ cutPoint, head: "linear", policy: "top1", ...latency(1) })),
    nodes: [],
  };

  /**
   * Confident samples are right: 70 % at the early exit, 90 % at the late one, all at the end. What the early exit is
   * unsure of it gets wrong, and the same for the late one.
   */
  function table() {
    const confidence = new Float32Array(3 * samples);
    const correct = new Uint8Array(3 * samples);
    for (const [row, share] of [0.7, 0.9, 1].entries())
      for (let sample = 0; sample < samples; sample++) {
        const sure = sample < share * samples;
        confidence[row * samples + sample] = sure ? 0.9 : 0.2;
        correct[row * samples + sample] = sure ? 1 : 0;
      }
    const shape = [3, samples];
    return encodeNpz({ confidence: { shape, data: confidence }, correct: { shape, data: correct } });
  }

  test("finds the plan that one can work out by hand", async () => {
    const folder = await newFolder();
    await writeFile(join(folder, "profile.json"), JSON.stringify(profile));
    await writeFile(join(folder, "table.npz"), table());
    const front = await offrampJson(
      [
        ...["search", "--table", join(folder, "table.npz"), "--profile", join(folder, "profile.json")],
        ...["--max-drop", "0", "--no-compare"],
      ],
      frontFileSchema,
    );
    expect(front.recommended.exits.map(({ cutPoint }) => cutPoint)).toEqual(["early", "late"]);
    expect(front.recommended.figures.accuracy).toBe(1);
    for (const [exit, rate] of [0.7, 0.2, 0.1].entries())
      expect(front.recommended.figures.exitRates[exit]).toBeCloseTo(rate, 9);
    // 0.7 (2 + 1) + 0.2 (6 + 1 + 1) + 0.1 (10 + 1 + 1)
    expect(front.recommended.figures.latencyMs.mean).toBeCloseTo(4.9, 6);
  });
});

describe("what a command prints", () => {
  test("is nothing with --quiet", async () => {
    const folder = await newFolder();
    const { project } = run;
    for (const args of [
      ["inspect", shared("model.onnx")],
      ["calibrate", project],
      ["export", project, "-o", join(folder, "export")],
      ["search", project, "--no-compare"],
      ["verify", join(run.folder, "model.onnx"), "--project", project, "--data", shared("data")],
    ])
      expect(await offramp([...args, "--quiet"]), args[0]).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("is progress on the error stream alone, and a result that a person can read", async () => {
    const { stdout, stderr } = await offramp(["search", run.project, "--max-drop", "0.5"]);
    // Where the machine was busy while the project was profiled, that is said before the search.
    expect(stderr).toMatch(
      /^import …\nimport done, [\d.]+ s\n(warning: The profile is poor [^\n]+\n)?search …\nsearch done, [\d.]+ s\n$/,
    );
    expect(stdout).toMatch(/exact +proven/);
    expect(stdout).toContain("recommended plan");
    expect(stdout).not.toContain("…");
  });

  test("is one line of JSON when something fails too, with the message on the error stream", async () => {
    const { code, stdout, stderr } = await offramp(["inspect", "/no/such.onnx", "--json", "--quiet"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: "file-not-found", message: "/no/such.onnx does not exist; expected an ONNX file" },
    });
    expect(stderr).toBe("offramp: /no/such.onnx does not exist; expected an ONNX file\n");
    const usage = await offramp(["inspect", "--json"]);
    expect(usage.code).toBe(2);
    expect(JSON.parse(usage.stdout).error).toEqual({
      code: "usage",
      message: "missing required argument 'model'",
    });
  });

  test("has the stack of a failure with --verbose only", async () => {
    const { stderr } = await offramp(["inspect", "/no/such.onnx", "--verbose", "--quiet"]);
    expect(stderr).toMatch(/^offramp: .*\n.*\n\s+at /);
  });
});

/** The model's bytes with the input's height and width replaced by names. */
function withOpenSize(bytes: Uint8Array): Uint8Array {
  const model = decodeModel(bytes, "model.onnx");
  const type = model.graph!.input[0].type!.value;
  if (type.case !== "tensorType") throw new Error("the input is no tensor");
  for (const [axis, name] of [
    [2, "height"],
    [3, "width"],
  ] as const)
    type.value.shape!.dim[axis].value = { case: "dimParam", value: name };
  return encodeModel(model);
}

function latency(ms: number) {
  return { medianMs: ms, meanMs: ms, p5Ms: ms, p95Ms: ms, count: 100 };
}
