import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classNames, gratings, writeImageFolder } from "../../../e2e/testing/gratings.ts";
import { writeSmallNetwork } from "../../../e2e/testing/small-network.ts";
import { decodeBits } from "../../../shared/base/bit-text.ts";
import { silentJob } from "../../../shared/base/job.ts";
import { type FrontFile, frontFileSchema } from "../../../shared/files/front-file.ts";
import type { Progress } from "../../../shared/ipc/events.ts";
import { type Design, emptyDesign } from "../../../shared/model/design.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import {
  quantiseOptionsSchema,
  searchOptionsSchema,
  splitOptionsSchema,
  trainOptionsSchema,
} from "../../../shared/model/stage-options.ts";
import { makeOffload } from "../../../shared/offload/make-offload.ts";
import { serverBackboneMs } from "../../../shared/offload/partition-space.ts";
import { pacedProfile } from "../../../shared/space/testing/test-profile.ts";
import { StageCache } from "../base/cache.ts";
import { mixedHidden } from "../heads/mixed-hidden.ts";
import { decodeModel, encodeModel } from "../onnx/codec.ts";
import { value } from "../onnx/graph-builder.ts";
import { importModel } from "../onnx/import/import-model.ts";
import type { RunRequest } from "../stages/run/run-request.ts";
import { runPipeline } from "../stages/run-pipeline.ts";
import { createStageRunner } from "../stages/stage-context.ts";
import { startTestEngine, type TestEngine } from "./testing/test-engine.ts";

const perClass = { train: 60, val: 30, test: 40 };
const preprocess = preprocessSchema.parse({ mean: [0.5], standardDeviation: [0.25] });
const training = trainOptionsSchema.parse({ epochs: 3 });
const splits = splitOptionsSchema.parse({});
const target = { provider: "cpu", threads: 1 };
const options = searchOptionsSchema.parse({ levels: 12, budget: 500, useCase: { maxDropPp: 1 } });

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-engine-"));
  const train = gratings(perClass.train, 1);
  await writeImageFolder(at("data", "train"), train);
  await writeImageFolder(at("data", "val"), gratings(perClass.val, 2));
  await writeImageFolder(at("data", "test"), gratings(perClass.test, 3));
  const form = { blocks: 3, channels: 16, batch: "batch", seed: 5 };
  await writeSmallNetwork(at("model.onnx"), train, form);
  await writeSmallNetwork(at("small.onnx"), train, { ...form, blocks: 1 });
  const turned = train.labels.map((label) => (label + 1) % classNames.length);
  await writeSmallNetwork(at("turned.onnx"), { ...train, labels: turned }, { ...form, blocks: 1 });
  const open = decodeModel(await readFile(at("small.onnx")), "small.onnx");
  open.graph.input = [value("image", "float32", ["batch", 3, "height", "width"])];
  await writeFile(at("open.onnx"), encodeModel(open));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const trainRequest = () => ({
  path: at("data"),
  preprocess,
  splits,
  heads: [{ kind: "mixed-hidden", options: { hidden: 16 } }],
  training,
});

/** An engine with the model open; `cache` names its cache. */
async function openedEngine(cache: string): Promise<TestEngine> {
  const engine = startTestEngine(at(cache));
  await engine.call("model.open", { path: at("model.onnx") });
  return engine;
}

/** An engine with the project at its last stage; made once. */
let explored: Promise<TestEngine> | undefined;
let searchSteps: Progress[] = [];

function exploredEngine(): Promise<TestEngine> {
  explored ??= (async () => {
    const engine = await openedEngine("cache");
    await engine.call("project.train", trainRequest());
    await engine.call("project.profile", { target, seconds: 0.3 });
    const search = engine.start("project.search", { target: await profileId(engine), options });
    await search.response;
    searchSteps = [...search.progress];
    return engine;
  })();
  return explored;
}

const current = (engine: TestEngine) =>
  engine.call("project.removeReference", { sha256: "none" }).catch(() => {
    throw new Error("no project");
  });

const profileId = async (engine: TestEngine) => (await current(engine)).profiles[0].id;

describe("from a model to verified files", () => {
  it("each stage's view shows what it made, with progress by stage", async () => {
    const engine = await openedEngine("first-cache");
    const training = engine.start("project.train", trainRequest());
    const trained = await training.response;
    const cuts = trained.backbone.cutPoints.length;
    expect(trained).toMatchObject({ samples: 120, policies: ["top1", "entropy", "margin"], profiles: [] });
    expect(trained.data).toMatchObject({ format: "image-folder", available: true });
    expect(trained.data!.classNames).toEqual(classNames);
    expect(trained.heads).toHaveLength(cuts);
    expect(trained.outputs).toHaveLength(cuts + 1);
    expect([...new Set(training.progress.map(({ stage }) => stage))]).toEqual([
      "load",
      "check",
      "train",
      "calibrate",
    ]);
    expect(training.progress.at(-1)).toMatchObject({ stage: "calibrate", share: 1 });

    const profiled = await engine.call("project.profile", { target, seconds: 0.3 });
    expect(profiled.profiles).toHaveLength(1);
    expect(profiled.profiles[0].prefixes).toHaveLength(cuts);
    const searched = await engine.call("project.search", { target: await profileId(engine), options });
    expect(searched.front!.searches[0]).toMatchObject({ algorithm: "exact", proven: true });
    expect(searched.plans[0].exits).toEqual(searched.front!.recommended.exits);
  });

  it("shows the search while it runs, and finds what the command line finds", async () => {
    const engine = await exploredEngine();
    const { front, profiles } = await current(engine);
    const looks = searchSteps.flatMap(({ search }) => (search ? [search] : []));
    expect(new Set(looks.map(({ algorithm }) => algorithm))).toEqual(
      new Set(front!.searches.map(({ algorithm }) => algorithm)),
    );
    for (const { algorithm, evaluations, front: points, hypervolume } of front!.searches) {
      const last = looks.filter((look) => look.algorithm === algorithm).at(-1)!;
      // What is to be expected of new images is worked out once the front stands.
      const shown = points.map(({ drop: _drop, ...point }) => point);
      expect(last).toMatchObject({ evaluations, hypervolume, front: shown });
      // An exact search isn't told of plans that can't be on the front.
      expect(last.evaluated.length).toBeGreaterThan(0);
      expect(last.evaluated.length).toBeLessThanOrEqual(2 * Math.min(4000, evaluations - 1));
    }

    const request: RunRequest = {
      modelPath: at("model.onnx"),
      importOptions: {},
      dataPath: at("data"),
      preprocess,
      splits,
      heads: [{ kind: mixedHidden as never, options: { hidden: 16 } }],
      training,
      target,
      verifySeconds: 300,
      profileSeconds: 0.3,
      profile: profiles[0],
      search: options,
      outFolder: at("run"),
    };
    await runPipeline(
      request,
      createStageRunner(new StageCache(at("other-cache")), () => silentJob),
    );
    const run = frontFileSchema.parse(JSON.parse(await readFile(at("run", "front.json"), "utf8")));
    expect(untimed(front!)).toEqual(untimed(run));
  });

  it("exports a plan of the person's own and an operating point, both verified, with a report", async () => {
    const engine = await exploredEngine();
    const { front, backbone } = await current(engine);
    const [{ front: points }] = front!.searches;
    const { exits } = points.findLast((point) => point.exits.length > 0)!;
    const plan: Plan = {
      format: "offramp-plan",
      version: 1,
      backboneSha256: backbone.sha256,
      exits: exits.map((exit) => ({ ...exit, threshold: exit.threshold - 0.05 })),
    };
    const surer = { ...plan, exits: exits.map((exit) => ({ ...exit, threshold: 2 })) };
    const result = await engine.call("project.export", {
      folder: at("export"),
      plan,
      points: [{ name: "surer", plan: surer }],
      target: await profileId(engine),
      formats: ["staged", "single-file"],
      report: true,
      verify: true,
    });
    expect(result.unverified).toBeNull();
    expect(result.files).toEqual(["staged", "model.onnx", "plan.json", "report.html"]);
    expect((await readdir(at("export"))).sort()).toEqual([...result.files].sort());
    expect(result.verification!.decisionAgreement).toBe(1);
    expect(result.verification!.plan.exits).toHaveLength(plan.exits.length);
    expect(result.verification!.plan.measured.accuracy).toBe(result.verification!.plan.predicted.accuracy);
    expect(await readFile(at("export", "report.html"), "utf8")).toContain(plan.exits[0].cutPoint);
    const [point] = result.points;
    // Nothing is as sure as that, so all go to the end.
    expect(point).toMatchObject({ name: "surer", verification: { decisionAgreement: 1 } });
    expect(point.verification.plan.exitRates.measured).toEqual([...plan.exits.map(() => 0), 1]);
    const manifest = JSON.parse(await readFile(at("export", "staged", "manifest.json"), "utf8"));
    expect(manifest.points[0].predicted.exitRates).toEqual([...exits.map(() => 0), 1]);
    expect(manifest.predicted.latencyMs.mean).toBeLessThan(manifest.points[0].predicted.latencyMs.mean);
    expect(JSON.parse(await readFile(at("export", "plan.json"), "utf8"))).toEqual(plan);

    // Into the same folder without a report: the old one would belie the new files.
    const next = {
      folder: at("export"),
      plan,
      target: await profileId(engine),
      formats: ["staged"],
      verify: false,
    };
    await engine.call("project.export", { ...next, report: false });
    expect((await readdir(at("export"))).sort()).toEqual(["model.onnx", "plan.json", "staged"]);
  });

  it("a report says what becomes of plans on the other targets that the project has profiles of", async () => {
    const engine = await exploredEngine();
    const { plans, profiles } = await current(engine);
    const other = pacedProfile(profiles[0], 3, "a board of a third of the pace");
    await writeFile(at("other-target.json"), JSON.stringify(other));
    await engine.call("project.importProfile", { path: at("other-target.json") });
    const { files } = await engine.call("project.export", {
      folder: at("fleet"),
      plan: plans[0],
      target: await profileId(engine),
      formats: ["single-file"],
      report: true,
      verify: true,
    });
    expect(files).toContain("report.html");
    const page = await readFile(at("fleet", "report.html"), "utf8");
    expect(page).toContain("<h2>On other targets</h2>");
    expect(page).toContain("B: a board of a third of the pace · cpu, 1 thread, backbone");
    // All latencies are three times as long, so what is best here is best there.
    expect(page).toContain(
      "Every target&#39;s plan is as fast on the others as the plans that were chosen for them.",
    );
  });

  it("leaves alone what others keep in its folder under the names of its files", async () => {
    const engine = await exploredEngine();
    const { plans } = await current(engine);
    const request = {
      folder: at("theirs"),
      plan: plans[0],
      target: await profileId(engine),
      formats: ["staged"],
      verify: false,
    };
    await mkdir(at("theirs"));
    await writeFile(at("theirs", "report.html"), "<title>Quarterly report</title>");
    await engine.call("project.export", { ...request, report: false });
    expect(await readFile(at("theirs", "report.html"), "utf8")).toBe("<title>Quarterly report</title>");
    await writeFile(at("theirs", "plan.json"), '{"format": "my-plan"}');
    await expect(engine.call("project.export", { ...request, report: false })).rejects.toMatchObject({
      code: "output-unwritable",
      message: expect.stringMatching(/plan\.json is there already and Offramp didn't make it/),
    });
    expect(await readFile(at("theirs", "plan.json"), "utf8")).toBe('{"format": "my-plan"}');
  });

  it("says why an export could not be verified", async () => {
    const engine = await exploredEngine();
    const { plans } = await current(engine);
    const request = {
      folder: at("unverified"),
      plan: plans[0],
      target: await profileId(engine),
      report: true,
    };
    const asked = await engine.call("project.export", { ...request, formats: ["staged"], verify: false });
    expect(asked).toMatchObject({
      files: ["staged", "plan.json"],
      verification: null,
      unverified: "verification was not asked for; a report shows measured figures, so there is none",
    });
    const graph = await engine.call("project.export", {
      ...request,
      report: false,
      formats: ["training-graph"],
      verify: true,
    });
    expect(graph.unverified).toBe(
      "Training graph: holds no decisions that could be run; export another format too",
    );
  });

  it("a training graph opens again, its heads alone are profiled, and calibrating them keeps that profile", async () => {
    const exploring = await exploredEngine();
    const { plans } = await current(exploring);
    const formats = ["training-graph"];
    const request = {
      ...{ folder: at("graph"), plan: plans[0], target: await profileId(exploring) },
      ...{ formats, report: false, verify: false },
    };
    await exploring.call("project.export", request);
    const engine = startTestEngine(at("cache"));
    const { project } = await engine.call("model.open", { path: at("graph", "training.onnx") });
    const ready = project.backbone.readyExits.map(({ output }) => output);
    expect(ready.length).toBeGreaterThan(1);
    const { profiles } = await engine.call("project.profile", { target, seconds: 0.3 });
    const kinds = new Set(profiles[0].heads.map(({ head }) => head));
    expect(kinds).toEqual(new Set(ready));
    const heads = [{ kind: "mixed-hidden", options: {} }];
    const spared = await engine.call("project.train", { ...trainRequest(), heads, spareReady: true });
    expect(spared.heads.map(({ kind }) => kind)).toEqual(ready);
    expect(spared.profiles).toEqual(profiles);
    const none = await engine.call("project.train", { ...trainRequest(), heads: [] });
    expect(none.outputs).toEqual(spared.outputs);
    // More heads than those that were timed.
    const trained = await engine.call("project.train", { ...trainRequest(), heads });
    expect(trained.heads).toHaveLength(2 * ready.length);
    expect(trained.profiles).toEqual([]);
  });

  it("refuses to train nothing for a network that brings no exits", async () => {
    const engine = startTestEngine(at("cache"));
    await engine.call("model.open", { path: at("model.onnx") });
    await expect(engine.call("project.train", { ...trainRequest(), heads: [] })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(/brings no exits of its own, so it needs heads/),
    });
  });

  it("comes back from its file as it was saved, and goes on without the data set", async () => {
    const engine = await exploredEngine();
    const before = await current(engine);
    const design: Design = {
      ...emptyDesign,
      exits: before.plans[0].exits,
      pinned: [{ name: "chosen", exits: before.plans[0].exits }],
    };
    const path = at("saved.offramp");
    await engine.call("project.save", { path, design });
    const other = startTestEngine(at("third-cache"));
    const again = await other.call("project.open", { path });
    expect(again.design).toEqual(design);
    const opened = { revision: 1, name: "saved", projectPath: path, modelPath: null };
    expect(again.project).toEqual({ ...before, ...opened });
    expect(await other.call("project.table", { policy: "margin" })).toEqual(
      await engine.call("project.table", { policy: "margin" }),
    );
    const searched = await other.call("project.search", { target: await profileId(other), options });
    expect(untimed(searched.front!)).toEqual(untimed(before.front!));
  });
});

describe("thresholds per class", () => {
  const policy = "top1-per-class";
  const perClassOptions = { ...options, policies: [policy], compare: false };

  it("are fitted when they are asked for, searched, exported as the table says, and kept", async () => {
    const engine = await openedEngine("cache");
    await engine.call("project.train", trainRequest());
    await engine.call("project.profile", { target, seconds: 0.3 });
    const added = await engine.call("project.addPolicy", { policy, target: await profileId(engine) });
    expect(added.policies).toEqual(["top1", "entropy", "margin", policy]);
    const { classOffsets, exits } = await engine.call("project.table", { policy });
    expect(classOffsets).toHaveLength(exits * classNames.length);
    const { front, plans } = await engine.call("project.search", {
      target: await profileId(engine),
      options: perClassOptions,
    });
    const used = front!.searches[0].front.flatMap((point) => point.exits.map((exit) => exit.policy));
    expect(new Set(used)).toEqual(new Set([policy]));
    const longest = front!.searches[0].front.findLast((point) => point.exits.length > 0)!;
    const { verification } = await engine.call("project.export", {
      folder: at("per-class"),
      plan: { ...plans[0], exits: longest.exits },
      target: await profileId(engine),
      formats: ["single-file"],
      report: true,
      verify: true,
    });
    expect(verification!.decisionAgreement).toBe(1);
    const saved = at("per-class.offramp");
    await engine.call("project.save", { path: saved, design: emptyDesign });
    const other = startTestEngine(at("fourth-cache"));
    const { project } = await other.call("project.open", { path: saved });
    expect(project.policies).toEqual(added.policies);
    expect((await other.call("project.table", { policy })).classOffsets).toEqual(classOffsets);
    // Training anew fits them anew, here to the same.
    expect((await engine.call("project.train", trainRequest())).policies).toEqual(added.policies);
    expect((await engine.call("project.table", { policy })).classOffsets).toEqual(classOffsets);
  });

  it("are refused on a target whose profile doesn't know them, which is a target all the same", async () => {
    const engine = await openedEngine("cache");
    await engine.call("project.train", trainRequest());
    const { profiles } = await engine.call("project.profile", { target, seconds: 0.3 });
    const heads = profiles[0].heads.filter((head) => head.policy !== policy);
    const older = { ...profiles[0], heads, target: { ...profiles[0].target, device: "an old board" } };
    await writeFile(at("older.json"), JSON.stringify(older));
    await engine.call("project.addPolicy", { policy, target: await profileId(engine) });
    const imported = await engine.call("project.importProfile", { path: at("older.json") });
    expect(imported.profiles).toHaveLength(2);
    const searched = await engine.call("project.search", { target: imported.profiles[1].id, options });
    expect(searched.front!.searches[0].proven).toBe(true);
    await expect(
      engine.call("project.addPolicy", { policy, target: imported.profiles[1].id }),
    ).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(
        /^the profile of an old board was made without 'Per class: Top-1 softmax'; /,
      ),
    });
  });
});

describe("the data set", () => {
  it("is looked at before anything is trained: counts, pictures, and how right the model is", async () => {
    const engine = await openedEngine("cache");
    const request = { path: at("data"), preprocess, splits };
    const seen = await engine.call("data.inspect", request);
    expect(seen).toMatchObject({
      format: "image-folder",
      classNames: [...classNames],
      parts: [
        { name: "train", perClass: [60, 60, 60, 60] },
        { name: "val", perClass: [30, 30, 30, 30] },
        { name: "test", perClass: [40, 40, 40, 40] },
      ],
      splits: { train: 240, calibration: 120, test: 160 },
      unreadable: [],
      notes: [],
      accuracySamples: 120,
    });
    expect(seen.accuracy).toBeGreaterThan(0.6);
    expect(seen.images.map(({ label }) => label)).toEqual(
      [0, 1, 2, 3].flatMap((label) => new Array<number>(10).fill(label)),
    );
    expect(seen.classOrder).toEqual({ source: "code points", detail: "" });
    expect(seen).toMatchObject({ ownClassNames: [...classNames], modelClassNames: null });
    // There are no more calibration images than are tried.
    expect(await engine.call("data.answers", request)).toEqual(seen.answered);
    const right = seen.answered.labels.filter((label, at) => label === seen.answered.answers[at]);
    expect(right.length / 120).toBe(seen.accuracy);
    const wrong = { ...preprocess, standardDeviation: [0.001] };
    expect((await engine.call("data.inspect", { ...request, preprocess: wrong })).accuracy).toBeLessThan(0.5);
    await expect(
      engine.call("data.inspect", { ...request, preprocess: { ...preprocess, mean: [100] } }),
    ).rejects.toThrow(/mean: 100 is beyond the scaled pixels' range/);
  });

  it("is checked with another order of its classes, and nothing is trained on a backbone that guesses", async () => {
    const engine = await openedEngine("chance-cache");
    // One class of four is where it belongs.
    const names = ["diagonal", "steep", "vertical", "horizontal"];
    const classes = { names, from: "turned.txt" };
    const { heads: _heads, training: _training, ...choice } = trainRequest();
    const check = await engine.call("data.check", { ...choice, classes });
    expect(check).toMatchObject({ images: 240, chance: 0.25 });
    expect(check.interval[0]).toBeLessThan(0.25);
    expect(check.interval[1]).toBeGreaterThan(0.25);
    expect(check.alternatives[0]).toMatchObject({
      classNames,
      what: expect.stringMatching(/sorted by name/),
    });
    expect(check.alternatives[0].accuracy).toBeGreaterThan(0.6);
    const request = { ...trainRequest(), classes };
    await expect(engine.call("project.train", request)).rejects.toMatchObject({
      code: "backbone-at-chance",
      message: expect.stringMatching(
        /of 240 training images .* no better than guessing \(25\.0 %\).*sorted by name/,
      ),
      details: { missing: "trainAnyway" },
    });
    const forced = await engine.call("project.train", { ...request, force: true });
    expect(forced.data!.classNames).toEqual(names);
    // From now on the data set has the project's classes.
    const seen = await engine.call("data.inspect", choice);
    expect(seen).toMatchObject({ classNames: names, classOrder: { source: "stored", detail: "" } });
    const unforced = engine.call("data.check", {
      ...choice,
      classes: { names: [...classNames], from: "own" },
    });
    expect((await unforced).accuracy).toBeGreaterThan(0.6);
  });

  it("takes a list of classes from a file", async () => {
    const engine = await openedEngine("cache");
    await writeFile(at("list.json"), JSON.stringify({ a: 1, b: 0 }));
    expect(await engine.call("data.classes", { path: at("list.json") })).toEqual({
      names: ["b", "a"],
      from: at("list.json"),
    });
    await expect(engine.call("data.classes", { path: at("none.txt") })).rejects.toThrow(
      /none\.txt: no such file/,
    );
  });

  it("gives pictures of calibration samples: the file's own pixels", async () => {
    const engine = await exploredEngine();
    const { labels } = await engine.call("project.table", { policy: "top1" });
    const { images } = await engine.call("project.images", { samples: [7, 3, 7] });
    expect(images.map(({ label }) => label)).toEqual([labels![7], labels![3], labels![7]]);
    expect(images[0]).toEqual(images[2]);
    const [{ source, rgba, width, height }] = images;
    expect([width, height]).toEqual([16, 16]);
    // val/CLASS/NNNN.png is image NNNN of the part's seed.
    const number = Number(/^val.\w+.(\d+)\.png$/.exec(source)![1]);
    const { bytes } = gratings(perClass.val, 2);
    const pixels = bytes.subarray(number * 16 * 16 * 3, (number + 1) * 16 * 16 * 3);
    expect([...rgba].filter((_, index) => index % 4 !== 3)).toEqual([...pixels]);
    await expect(engine.call("project.images", { samples: [120] })).rejects.toMatchObject({
      message: "no sample 120; there are 120, counted from 0",
    });
  });

  it("has every sample in its place though an image can't be read", async () => {
    await cp(at("data"), at("torn"), { recursive: true });
    const [name] = await readdir(at("torn", "val", classNames[2]));
    await writeFile(at("torn", "val", classNames[2], name), "no image");
    const engine = await openedEngine("cache");
    const { samples } = await engine.call("project.train", { ...trainRequest(), path: at("torn") });
    expect(samples).toBe(119);
    const { labels } = await engine.call("project.table", { policy: "top1" });
    const all = Array.from({ length: samples }, (_, sample) => sample);
    const { images } = await engine.call("project.images", { samples: all });
    expect(images.map(({ label }) => label)).toEqual([...labels!]);
    expect(new Set(images.map(({ source }) => source)).size).toBe(119);
    expect(images.map(({ source }) => source)).not.toContain(join("val", classNames[2], name));
  });

  it("is missed in words once it is gone", async () => {
    const engine = await exploredEngine();
    const path = at("moved.offramp");
    await engine.call("project.save", { path, design: emptyDesign, copy: true });
    const other = startTestEngine(at("cache"));
    await rename(at("data"), at("elsewhere"));
    try {
      const { project } = await other.call("project.open", { path });
      expect(project.data!.available).toBe(false);
      await expect(other.call("project.images", { samples: [0] })).rejects.toMatchObject({
        code: "file-not-found",
        message: expect.stringMatching(/^the project's data set isn't there: .*data/),
      });
      const { unverified, files } = await other.call("project.export", {
        folder: at("without-data"),
        plan: project.plans[0],
        target: await profileId(other),
        formats: ["single-file"],
        report: false,
        verify: true,
      });
      expect(unverified).toMatch(/^the project's data set isn't there/);
      expect(files).toEqual(["model.onnx", "plan.json"]);
    } finally {
      await rename(at("elsewhere"), at("data"));
    }
  });
});

describe("profiles and references", () => {
  it("profiles are imported if they are of this model and its heads, measured again in place, and removed", async () => {
    const engine = await openedEngine("cache");
    await engine.call("project.train", trainRequest());
    const { profiles } = await engine.call("project.profile", { target, seconds: 0.3 });
    const write = (name: string, profile: unknown) => writeFile(at(name), JSON.stringify(profile));
    await write("elsewhere.json", { ...profiles[0], target: { ...profiles[0].target, device: "a phone" } });
    await write("other.json", { ...profiles[0], graphSha256: "0".repeat(64) });
    await write("partial.json", { ...profiles[0], heads: profiles[0].heads.slice(1) });
    const imported = await engine.call("project.importProfile", { path: at("elsewhere.json") });
    expect(imported.profiles.map((profile) => profile.target.device)[1]).toBe("a phone");
    for (const [name, message] of [
      ["other.json", /^the profile was made for another model \(graph 00000000…\)/],
      ["partial.json", /^the profile has no latency for head 'mixed-hidden' with policy 'top1' at/],
      ["model.onnx", /model\.onnx is no Offramp profile of version 1 to 2/],
    ] as const)
      await expect(engine.call("project.importProfile", { path: at(name) })).rejects.toMatchObject({
        code: "file-invalid",
        message: expect.stringMatching(message),
      });

    await engine.call("project.addReference", { path: at("small.onnx"), target: profiles[0].id });
    const searched = await engine.call("project.search", { target: profiles[0].id, options });
    const again = await engine.call("project.profile", { target, seconds: 0.3 });
    expect(again.profiles.map((profile) => profile.target)).toEqual(
      imported.profiles.map((profile) => profile.target),
    );
    expect(again.profiles[0].backbone).not.toEqual(profiles[0].backbone);
    expect(again.profiles[0].id).not.toBe(profiles[0].id);
    expect(again.profiles[1]).toEqual(imported.profiles[1]);
    expect(again.references.map((reference) => reference.target)).toEqual([again.profiles[0].id]);
    expect(again).toMatchObject({ front: { profile: profiles[0].id }, plans: searched.plans });
    await engine.call("project.search", { target: again.profiles[1].id, options });
    await expect(
      engine.call("project.addReference", { path: at("small.onnx"), target: again.profiles[1].id }),
    ).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(
        /^the profile has no latency for small, .*made on another machine \(a phone/,
      ),
    });
    const removed = await engine.call("project.removeProfile", { id: again.profiles[1].id });
    expect(removed).toMatchObject({ front: null, plans: [] });
    expect(removed.profiles).toEqual([again.profiles[0]]);
  });

  it("a project without heads is profiled with default ones, and keeps that through a training of the same", async () => {
    const engine = await openedEngine("cache");
    const { profiles, heads, backbone } = await engine.call("project.profile", { target, seconds: 0.3 });
    expect(heads).toEqual([]);
    expect(profiles[0].prefixes.map(({ cutPoint }) => cutPoint)).toEqual(
      backbone.cutPoints.map(({ tensor }) => tensor),
    );
    const same = { ...trainRequest(), heads: [{ kind: "mixed-hidden", options: {} }] };
    expect((await engine.call("project.train", same)).profiles).toEqual(profiles);
    expect((await engine.call("project.train", trainRequest())).profiles).toEqual([]);
  });

  it("a smaller network is measured on the same images and machine", async () => {
    const engine = await exploredEngine();
    const { references, profiles } = await engine.call("project.addReference", {
      path: at("small.onnx"),
      target: await profileId(engine),
    });
    expect(references).toHaveLength(1);
    const [reference] = references;
    expect(reference).toMatchObject({ name: "small", target: profiles[0].id });
    expect(reference.accuracy).toBeGreaterThan(0.5);
    expect(reference.latencyMs.mean).toBeLessThan(profiles[0].backbone.meanMs);
    expect(reference.latencyMs.p95).toBeGreaterThanOrEqual(reference.latencyMs.mean / 2);
    const { calibration, test: tested } = reference.right!;
    const rightIn = (text: string) => decodeBits(text, 4 * text.length)!.reduce((sum, bit) => sum + bit, 0);
    expect(rightIn(calibration)).toBe(Math.round(reference.accuracy * (await current(engine)).samples));
    expect(rightIn(tested)).toBeGreaterThan(0);
    const again = await engine.call("project.addReference", {
      path: at("small.onnx"),
      target: await profileId(engine),
    });
    expect(again.references).toHaveLength(1);
    const { sha256 } = reference;
    expect((await engine.call("project.removeReference", { sha256 })).references).toEqual([]);
    const sized = await engine.call("project.addReference", {
      path: at("open.onnx"),
      target: await profileId(engine),
    });
    expect(sized.references).toEqual([
      expect.objectContaining({ name: "open", accuracy: reference.accuracy, macs: reference.macs }),
    ]);
  });
});

describe("a plan on corrupted images", () => {
  const options = { corruptions: ["contrast"], severities: [5], samples: 40 };

  it("is shown, kept with the project, and reported with an export of the same plan", async () => {
    const engine = await exploredEngine();
    const {
      plans: [plan],
      heads: [{ cutPoint, kind: head }],
    } = await current(engine);
    const request = { plan, target: await profileId(engine) };
    const { robustness } = await engine.call("project.tryCorrupted", { ...request, options });
    expect(robustness?.conditions.map(({ corruption, severity }) => [corruption, severity])).toEqual([
      [null, 0],
      ["contrast", 5],
    ]);
    expect((await current(engine)).robustness).toEqual(robustness);
    const exporting = { formats: ["single-file"], report: true, verify: true };
    await engine.call("project.export", { folder: at("shifted"), ...request, ...exporting });
    expect(await readFile(at("shifted", "report.html"), "utf8")).toContain("<h2>Under shift</h2>");
    const other = { ...plan, exits: [{ cutPoint, head, policy: "top1", threshold: 0.987 }] };
    await engine.call("project.export", { folder: at("unshifted"), ...request, plan: other, ...exporting });
    expect(await readFile(at("unshifted", "report.html"), "utf8")).not.toContain("Under shift");
  });

  it("stops when it is told to, and leaves the project as it was", async () => {
    const engine = await exploredEngine();
    const { plans, robustness } = await current(engine);
    const request = { plan: plans[0], target: await profileId(engine), options: {} };
    const job = engine.start("project.tryCorrupted", request, ({ stage }) => {
      if (stage === "robustness") job.cancel();
    });
    await expect(job.response).rejects.toMatchObject({ code: "cancelled" });
    expect((await current(engine)).robustness).toEqual(robustness);
  });
});

describe("the backbone with integers", () => {
  it("is measured as a reference model and saved as the network that was measured", async () => {
    const engine = await exploredEngine();
    const quantise = {
      target: await profileId(engine),
      options: quantiseOptionsSchema.parse({ images: 20 }),
    };
    const before = (await current(engine)).references.length;
    const { references, profiles } = await engine.call("project.quantise", quantise);
    expect(references).toHaveLength(before + 1);
    const int8 = references.at(-1)!;
    expect(int8).toMatchObject({ quantised: quantise.options, target: profiles[0].id });
    expect(int8.name).toMatch(/\.int8$/);
    await engine.call("project.saveQuantised", { path: at("saved.onnx"), sha256: int8.sha256 });
    expect((await importModel(at("saved.onnx"), {}, silentJob)).summary.sha256).toBe(int8.sha256);
    // The same again is the same network.
    expect((await engine.call("project.quantise", quantise)).references).toHaveLength(before + 1);
    await expect(
      engine.call("project.saveQuantised", { path: at("model.onnx"), sha256: int8.sha256 }),
    ).rejects.toMatchObject({ code: "usage" });
    await expect(
      engine.call("project.saveQuantised", { path: at("other.onnx"), sha256: "none" }),
    ).rejects.toMatchObject({ message: "that network was not made here; quantise the backbone first" });
    await engine.call("project.removeReference", { sha256: int8.sha256 });
  });

  it("stops when it is told to, and leaves the project as it was", async () => {
    const engine = await exploredEngine();
    const before = (await current(engine)).references;
    const options = quantiseOptionsSchema.parse({ images: 100_000 });
    const target = await profileId(engine);
    const job = engine.start("project.quantise", { target, options }, ({ stage }) => {
      if (stage === "quantise") job.cancel();
    });
    await expect(job.response).rejects.toMatchObject({ code: "cancelled" });
    expect((await current(engine)).references).toEqual(before);
  });
});

it("a reference model with its classes in another order is refused with both orders", async () => {
  const engine = await exploredEngine();
  const target = await profileId(engine);
  const [first, ...others] = classNames;
  const turned = [others.at(-1), first, ...others.slice(0, -1)].join(", ");
  await expect(
    engine.call("project.addReference", { path: at("turned.onnx"), target }),
  ).rejects.toMatchObject({
    code: "data-mismatch",
    message: expect.stringMatching(
      new RegExp(
        `^turned has its classes in another order: it is right on \\d+\\.\\d % of the images, .* with its classes as ${turned}; export it with them as ${classNames.join(", ")}$`,
      ),
    ),
  });
});

describe("a call that is stopped", () => {
  it("midway through a training ends within a second, and changes nothing", async () => {
    const engine = await openedEngine("fourth-cache");
    let stopped = Number.POSITIVE_INFINITY;
    const long = engine.start(
      "project.train",
      { ...trainRequest(), training: { ...training, epochs: 1000, patience: 1000 } },
      ({ stage, share }) => {
        // Features take the first 40 %; heads are being trained here.
        if (stage !== "train" || share < 0.42 || stopped < Number.POSITIVE_INFINITY) return;
        stopped = performance.now();
        long.cancel();
      },
    );
    const other = engine.call("project.profile", { target, seconds: 0.3 });
    await expect(other).rejects.toMatchObject({
      code: "usage",
      message: "training is still under way; stop it or wait until it is done",
    });
    await expect(long.response).rejects.toMatchObject({ code: "cancelled" });
    expect(performance.now() - stopped).toBeLessThan(1000);
    const after = await current(engine);
    expect(after).toMatchObject({ data: null, heads: [], samples: 0 });
  });

  it("leaves reading alone, and reading goes on while a project changes", async () => {
    const engine = await exploredEngine();
    const profiling = engine.start("project.profile", { target, seconds: 60 });
    const { samples } = await engine.call("project.table", { policy: "top1" });
    expect(samples).toBe(120);
    expect((await engine.call("project.images", { samples: [0] })).images).toHaveLength(1);
    const before = performance.now();
    profiling.cancel();
    await expect(profiling.response).rejects.toMatchObject({ code: "cancelled" });
    expect(performance.now() - before).toBeLessThan(1000);
    expect((await current(engine)).front).not.toBeNull();
  });
});

describe("a search that is stopped", () => {
  it("keeps what it has found, and goes on where it was if it is asked for again", async () => {
    const engine = await exploredEngine();
    const target = await profileId(engine);
    const before = await current(engine);
    const wish = { ...options, algorithm: "random", budget: 40_000, compare: false };
    const searching = engine.start("project.search", { target, options: wish });
    await engine.call("project.stopSearch", {});
    const stopped = await searching.response;
    expect(stopped.revision).toBe(before.revision + 1);
    const [{ evaluations }] = stopped.front!.searches;
    expect(stopped).toMatchObject({ canGoOn: true, front: { searches: [{ stopped: true }] } });
    expect(stopped.plans[0].exits).toEqual(stopped.front!.recommended.exits);
    expect((await current(engine)).canGoOn).toBe(true);

    const ended = await engine.call("project.search", {
      target: await profileId(engine),
      options: { ...wish, timeLimit: 300 },
    });
    const [whole] = ended.front!.searches;
    expect(ended.canGoOn).toBe(false);
    expect(whole.stopped).toBeUndefined();
    expect([evaluations < 20_000, whole.evaluations]).toEqual([true, 40_000]);
    // It is remembered as one search, beside those before it.
    const remembered = ({ searches }: typeof ended) =>
      searches.map((search) => [search.number, search.algorithm, search.evaluations]);
    expect(remembered(stopped).slice(0, -1)).toEqual(remembered(before));
    expect(remembered(stopped).at(-1)).toEqual([before.searches.length + 1, "random", evaluations]);
    expect(remembered(ended).slice(0, -1)).toEqual(remembered(before));
    expect(remembered(ended).at(-1)).toEqual([before.searches.length + 1, "random", 40_000]);
    const again = await engine.call("project.search", { target: await profileId(engine), options });
    expect(untimed(again.front!)).toEqual(untimed(before.front!));
  });
});

describe("halves that take turns", () => {
  const crossFitted = { ...options, compare: false, crossFit: true };
  const wish = () => ({ formats: ["single-file"], report: true, verify: true });

  /** An engine whose project was searched so. */
  async function crossFittedEngine(): Promise<TestEngine> {
    const engine = await openedEngine("cache");
    await engine.call("project.train", trainRequest());
    await engine.call("project.profile", { target, seconds: 0.3 });
    await engine.call("project.search", { target: await profileId(engine), options: crossFitted });
    return engine;
  }

  it("put tables and pictures of all held-out images before the person", async () => {
    const engine = await crossFittedEngine();
    const { samples, front } = await current(engine);
    expect([samples, front!.samples]).toEqual([280, 280]);
    const { labels } = await engine.call("project.table", { policy: "top1" });
    expect(labels).toHaveLength(280);
    const { images } = await engine.call("project.images", { samples: [279, 0, 120, 119] });
    expect(images.map(({ label }) => label)).toEqual([279, 0, 120, 119].map((at) => labels![at]));
    const parts = images.map(({ source }) => source.split(sep)[0]);
    expect(parts).toEqual(["test", "val", "test", "val"]);
    await expect(engine.call("project.images", { samples: [280] })).rejects.toMatchObject({
      message: "no sample 280; there are 280, counted from 0",
    });
    // The next search of one split brings calibration's back.
    const again = await engine.call("project.search", { target: await profileId(engine), options });
    expect(again.samples).toBe(120);
  });

  it("alone say how accurate the exported plan is, in the window, the report and on a later day", async () => {
    const engine = await crossFittedEngine();
    const { front, plans } = await current(engine);
    const { pooled, halves } = front!.crossFit!;
    const request = { ...wish(), plan: plans[0], target: await profileId(engine) };
    const { verification } = await engine.call("project.export", { ...request, folder: at("turns") });
    expect(verification!.crossFit!.pooled).toEqual(pooled);
    expect(verification!.accuracyDropPp).toBe(pooled!.accuracyDropPp);
    expect(verification!.plan.measured.accuracyInterval).toBeUndefined();
    expect(verification!.backbone.accuracyInterval).toBeDefined();
    expect(verification!.decisionAgreement).toBe(1);
    const [outcome] = verification!.verdict;
    expect(outcome.text).toMatch(/ by the cross-fitted estimate\.$/);
    expect(await readFile(at("turns", "report.html"), "utf8")).toContain("<h2>Cross-fitting</h2>");
    const written = JSON.parse(await readFile(at("turns", "plan.json"), "utf8"));
    expect(written.crossFit.halves).toEqual(halves.map(({ chosenOn, exits }) => ({ chosenOn, exits })));

    const saved = at("turns.offramp");
    await engine.call("project.save", { path: saved, design: emptyDesign });
    const other = startTestEngine(at("turns-cache"));
    const { project } = await other.call("project.open", { path: saved });
    expect(project.front!.crossFit).toEqual(front!.crossFit);
    expect(project.samples).toBe(280);
    // A plan of the person's own was chosen on the same images, and nothing else is known of it.
    const [{ cutPoint, kind: head }] = project.heads;
    const exits = [{ cutPoint, head, policy: "top1", threshold: 0.71 }];
    const own = { ...plans[0], exits, crossFit: undefined };
    const result = await other.call("project.export", { ...request, plan: own, folder: at("own-turns") });
    expect(result.verification!.crossFit).toMatchObject({ halves: [] });
    expect(result.verification!.plan.measured.accuracyInterval).toBeUndefined();
    const said = result.verification!.verdict.find(({ id }) => id === "crossFit")!;
    expect(said).toMatchObject({
      tone: "warn",
      text: expect.stringMatching(/none of them can say how accurate/),
    });
  });

  it("are refused with a guarantee", async () => {
    const engine = await exploredEngine();
    const useCase = { ...options.useCase, confidence: 0.9 };
    await expect(
      engine.call("project.search", {
        target: await profileId(engine),
        options: { ...crossFitted, useCase },
      }),
    ).rejects.toMatchObject({ code: "usage", message: expect.stringMatching(/^cross-fitting: a guarantee/) });
  });
});

describe("a search for two targets", () => {
  const link = { latencyMs: 0.001, bandwidthMbps: 10_000 };
  const settings = { ...options, compare: false };

  /** A search on the second profile's target, with the first one's as server. */
  async function requestOf(engine: TestEngine) {
    const [server, device] = (await current(engine)).profiles;
    return { target: device.id, offload: { server: server.id, link }, options: settings };
  }

  /** An engine whose project has a profile of another machine, so many times as slow as this one. */
  async function engineWith(device: string, factor: number): Promise<TestEngine> {
    const engine = await openedEngine("cache");
    await engine.call("project.train", trainRequest());
    const { profiles } = await engine.call("project.profile", { target, seconds: 0.3 });
    const profile = pacedProfile(profiles[0], factor, device);
    await writeFile(at("other.json"), JSON.stringify(profile));
    await engine.call("project.importProfile", { path: at("other.json") });
    return engine;
  }

  it("finds partitioned plans, with the latencies of both, and shows them while it runs", async () => {
    const engine = await engineWith("a slow board", 100);
    const search = engine.start("project.search", await requestOf(engine));
    const { front, plans, profiles, backbone } = await search.response;
    const { recommended, offload, searches } = front!;
    expect(searches[0].proven).toBe(true);
    expect(recommended.cut).toBeDefined();
    expect(plans[0]).toMatchObject({ exits: recommended.exits, cut: recommended.cut });
    expect(offload).toMatchObject({ server: profiles[0].target, link });
    expect(offload!.backboneMs).toBe(serverBackboneMs(makeOffload({ backbone }, profiles[0], link)));
    const shown = search.progress.flatMap(({ search: look }) => look?.front ?? []);
    expect(shown.some(({ cut }) => cut !== undefined)).toBe(true);

    // What the search alone of the board found is in the front as well.
    const request = { ...(await requestOf(engine)), offload: undefined };
    const alone = await engine.call("project.search", request);
    const latencies = (points: readonly { latencyMs: number }[]) => points.map(({ latencyMs }) => latencyMs);
    expect(latencies(offload!.alone)).toEqual(latencies(alone.front!.searches[0].front));
    expect(recommended.figures.latencyMs.mean).toBeLessThan(latencies(offload!.alone)[0]);
  });

  it("exports a partitioned plan whole, and reports it as the device alone runs it", async () => {
    const engine = await engineWith("a fast server", 0.01);
    const [device, server] = (await current(engine)).profiles;
    const { front, plans } = await engine.call("project.search", {
      target: device.id,
      offload: { server: server.id, link },
      options: settings,
    });
    expect(front).toMatchObject({ profile: device.id, offload: { profile: server.id } });
    const { recommended, offload } = front!;
    const result = await engine.call("project.export", {
      ...{ folder: at("partitioned"), plan: plans[0], target: device.id, formats: ["single-file"] },
      ...{ report: true, verify: true },
    });
    expect(result.files).toContain("report.html");
    const { calibration } = result.verification!.plan;
    expect(calibration.latencyMs.mean).toBeGreaterThan(recommended.figures.latencyMs.mean);
    expect(calibration.accuracy).toBe(recommended.figures.accuracy);
    expect(JSON.parse(await readFile(at("partitioned", "plan.json"), "utf8")).cut).toBe(recommended.cut);
    const report = await readFile(at("partitioned", "report.html"), "utf8");
    expect(report).toContain(`our front, ${offload!.alone.length} plan`);
  });

  it("goes on at the partition where it was stopped", async () => {
    const engine = await engineWith("a slow board", 100);
    const random = {
      ...(await requestOf(engine)),
      options: { ...settings, algorithm: "random", budget: 60_000 },
    };
    const searching = engine.start("project.search", random);
    await engine.call("project.stopSearch", {});
    const stopped = await searching.response;
    expect(stopped).toMatchObject({ canGoOn: true, front: { searches: [{ stopped: true }] } });
    const { canGoOn, front } = await engine.call("project.search", random);
    expect(canGoOn).toBe(false);
    expect(front!.searches[0].stopped).toBeUndefined();
    expect(front!.searches[0].evaluations).toBeGreaterThan(stopped.front!.searches[0].evaluations);
  });

  it("is refused without the server's profile, and with a guarantee", async () => {
    const engine = await engineWith("a slow board", 100);
    const request = await requestOf(engine);
    const unknown = engine.call("project.search", { ...request, offload: { server: "none", link } });
    await expect(unknown).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(/^the project has no profile 'none' among its 2; /),
    });
    const useCase = { ...options.useCase, confidence: 0.9 };
    const guaranteed = engine.call("project.search", {
      ...request,
      options: { ...settings, useCase },
    });
    await expect(guaranteed).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(/^a guarantee is tested for one target only/),
    });
  });
});

/** A front without the time that its searches took. */
function untimed({ searches, ...rest }: FrontFile) {
  return { ...rest, searches: searches.map((search) => ({ ...search, seconds: 0 })) };
}
