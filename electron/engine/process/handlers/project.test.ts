import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { evaluatePlan } from "../../../../shared/evaluate/evaluate-plan.ts";
import { projectSpaces } from "../../../../shared/files/project-spaces.ts";
import type { TableView } from "../../../../shared/ipc/channels.ts";
import { type Design, emptyDesign } from "../../../../shared/model/design.ts";
import { spaceOfPlan } from "../../../../shared/space/design-space.ts";
import { fromPlanExits } from "../../../../shared/space/plan-exits.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { assetPath } from "../../base/assets.ts";
import { decodeNpy } from "../../base/npy.ts";
import { encodeModel } from "../../onnx/codec.ts";
import { residualNet, TestGraph } from "../../onnx/testing/test-graphs.ts";
import { startTestEngine, type TestEngine } from "../testing/test-engine.ts";

const samplePath = assetPath("samples", "fashion-mnist", "explored.offramp");

async function openModel(engine: TestEngine): Promise<{ path: string; folder: string }> {
  const folder = await temporaryFolder({ "net.onnx": encodeModel(residualNet(2)) });
  const path = join(folder, "net.onnx");
  await engine.call("model.open", { path });
  return { path, folder };
}

describe("the sample", () => {
  it("opens explored, and its table and profile give the figures that the search recommends", async () => {
    const engine = startTestEngine(await temporaryFolder());
    const { project, design } = await engine.call("project.sample", {});
    expect(design).toBeNull();
    expect(project).toMatchObject({ projectPath: null, modelPath: null, samples: 10_000 });
    expect(project.data).toMatchObject({ format: "npz", available: true });
    expect(project.data!.classNames).toContain("Sneaker");
    const { members, profiles, front } = project;
    expect(front!.searches.map(({ algorithm }) => algorithm)).toEqual([
      "exact",
      "nsga2",
      "annealing",
      "random",
      "local",
    ]);
    const { exits, chain, figures } = front!.recommended;
    const [plan] = project.plans;
    expect([plan.exits, plan.chain]).toEqual([exits, chain]);

    const tablesOf = async (member?: string) =>
      new Map<string, TableView>([["top1", await engine.call("project.table", { policy: "top1", member })]]);
    const tables = await tablesOf();
    const memberTables = new Map<string, ReadonlyMap<string, TableView>>();
    for (const { backbone } of members) memberTables.set(backbone.sha256, await tablesOf(backbone.sha256));
    const spaces = projectSpaces(project, { tables, memberTables }, { device: profiles[0] });
    const { space } = spaceOfPlan(spaces, { chain });
    expect(evaluatePlan(space, fromPlanExits(space, exits))).toMatchObject(figures);
    for (const own of [tables, ...memberTables.values()]) expect(labelled(own.get("top1")!)).toBe(true);
  });

  it("sends arrays of exact size, one table a policy", async () => {
    const engine = startTestEngine(await temporaryFolder());
    const { project } = await engine.call("project.sample", {});
    expect(project.policies).toEqual(["top1", "entropy", "margin"]);
    for (const policy of project.policies) {
      const { confidence, correct, predicted, labels } = await engine.call("project.table", { policy });
      const cells = (project.heads.length + 1) * project.samples;
      expect([confidence, correct, predicted].map((array) => array!.length)).toEqual([cells, cells, cells]);
      expect(confidence.buffer.byteLength).toBe(4 * cells);
      expect(labels!.buffer.byteLength).toBe(4 * project.samples);
    }
    await expect(engine.call("project.table", { policy: "luck" })).rejects.toMatchObject({
      code: "usage",
      message: "no confidence table for the policy 'luck'; there are top1, entropy, margin",
    });
  });
});

/** Whether every answer is counted as right exactly where it is the sample's class. */
function labelled({ correct, predicted, labels, samples }: TableView): boolean {
  return correct.every((right, at) => (predicted![at] === labels![at % samples]) === (right === 1));
}

describe("opening and saving", () => {
  it("a model that was just opened is saved and opened again, with its design", async () => {
    const engine = startTestEngine(await temporaryFolder());
    const { folder, path } = await openModel(engine);
    const saved = join(folder, "saved.offramp");
    const design: Design = { ...emptyDesign, useCase: { latency: "p95", maxLatencyMs: 2 } };
    await engine.call("project.save", { path: saved, design });
    const again = await engine.call("project.open", { path: saved });
    expect(again.design).toEqual(design);
    expect(again.project).toMatchObject({
      name: "saved",
      projectPath: saved,
      modelPath: null,
      preprocess: null,
      data: null,
      heads: [],
      policies: [],
      samples: 0,
      front: null,
    });
    const first = await engine.call("model.open", { path });
    expect(first.project).toMatchObject({ name: "net", projectPath: null, modelPath: path });
    expect(again.project.backbone).toEqual(first.project.backbone);
  });

  it("a model of several outputs opens once it is said which is meant", async () => {
    const net = new TestGraph();
    const features = net.convRelu(net.convRelu("image", 3, 4), 4, 4);
    const heads = [net.classifier(features, 4, 5), net.classifier(features, 4, 3)];
    const folder = await temporaryFolder({ "heads.onnx": encodeModel(net.model(heads)) });
    const path = join(folder, "heads.onnx");
    const engine = startTestEngine(await temporaryFolder());
    await expect(engine.call("model.open", { path })).rejects.toMatchObject({
      code: "model-unsupported",
      details: {
        missing: "output",
        candidates: [
          { name: heads[0], type: "float32", shape: [1, 5] },
          { name: heads[1], type: "float32", shape: [1, 3] },
        ],
      },
    });
    const { project } = await engine.call("model.open", { path, output: heads[1] });
    expect(project.backbone.output).toMatchObject({ name: heads[1], classes: 3 });
  });

  it("a copy for recovery opens as what it is a copy of", async () => {
    const engine = startTestEngine(await temporaryFolder());
    const { folder, path } = await openModel(engine);
    const journal = join(folder, "journal.offramp");
    await engine.call("project.save", { path: journal, design: emptyDesign, copy: true });
    const as = { name: "net", projectPath: null, modelPath: path };
    expect((await engine.call("project.open", { path: journal, as })).project).toMatchObject(as);
  });

  it("either way of opening takes either kind of file", async () => {
    const engine = startTestEngine(await temporaryFolder());
    const { folder, path } = await openModel(engine);
    expect((await engine.call("project.open", { path })).project.modelPath).toBe(path);
    const disguised = join(folder, "project.zip");
    await copyFile(samplePath, disguised);
    expect((await engine.call("model.open", { path: disguised })).project.heads).toHaveLength(18);
  });

  it("a file that is neither is refused, and the open project stays", async () => {
    const engine = startTestEngine(await temporaryFolder());
    const { folder } = await openModel(engine);
    const broken = join(folder, "broken.offramp");
    await writeFile(broken, (await readFile(samplePath)).subarray(0, 100_000));
    await expect(engine.call("project.open", { path: broken })).rejects.toMatchObject({
      code: "file-invalid",
      message: expect.stringMatching(
        /broken\.offramp is no Offramp project of version 1 to 2, or is damaged/,
      ),
    });
    const text = join(folder, "notes.onnx");
    await writeFile(text, "not a model");
    await expect(engine.call("model.open", { path: text })).rejects.toMatchObject({ code: "model-invalid" });
    const out = join(folder, "still.offramp");
    await engine.call("project.save", { path: out, design: emptyDesign });
    expect((await engine.call("project.open", { path: out })).project.backbone.name).toBe("net");
  });

  it("the weights of an operator are told and given as a NumPy file, unknown ones refused in words", async () => {
    const engine = startTestEngine(await temporaryFolder());
    const { path } = await openModel(engine);
    const { project } = await engine.call("model.open", { path });
    const conv = project.backbone.nodes.find(({ operator }) => operator === "Conv")!;
    const { weights } = await engine.call("model.weights", { node: conv.name });
    expect(weights.map(({ shape, type }) => [shape, type])).toEqual([[[4, 3, 3, 3], "float32"]]);
    const [{ name: weight, numbers }] = weights;
    expect(numbers!.counted).toBe(108);
    const { npy } = await engine.call("model.weightFile", { node: conv.name, weight });
    const { shape, data } = await decodeNpy(npy);
    expect(shape).toEqual([4, 3, 3, 3]);
    const values = Array.from(data, Number);
    expect([Math.min(...values), Math.max(...values)]).toEqual([numbers!.minimum, numbers!.maximum]);
    await expect(engine.call("model.weights", { node: "nobody" })).rejects.toMatchObject({
      code: "usage",
      message: "net has no operator nobody",
    });
    await expect(engine.call("model.weightFile", { node: conv.name, weight: "none" })).rejects.toMatchObject({
      code: "usage",
    });
  });

  it("what needs an open project, or a trained one, says so", async () => {
    const engine = startTestEngine(await temporaryFolder());
    await expect(engine.call("project.table", { policy: "top1" })).rejects.toMatchObject({
      code: "usage",
      message: "no project is open; open a model or a project first",
    });
    await openModel(engine);
    await expect(engine.call("project.table", { policy: "top1" })).rejects.toMatchObject({
      code: "usage",
      message: "the project of net holds no exit heads yet; train them on a data set first",
    });
  });
});
