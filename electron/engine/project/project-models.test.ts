import { describe, expect, it, test } from "vitest";
import { cancelledError, silentJob } from "../../../shared/base/job.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { StageCache } from "../base/cache.ts";
import { testNetworks } from "../export/testing/test-networks.ts";
import { untrainedHeads } from "../heads/head.ts";
import { headKinds } from "../heads/index.ts";
import { readyHeads } from "../heads/ready-head.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { decodeModel, encodeModel } from "../onnx/codec.ts";
import { TensorProto_DataLocation } from "../onnx/gen/onnx_pb.ts";
import { graph, model, node, value } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { modelIdentity } from "../onnx/model-identity.ts";
import { forkedProbe } from "../onnx/probe/forked-probe.ts";
import { useProbeLauncher } from "../onnx/probe/model-probe.ts";
import { intTensor } from "../onnx/tensors.ts";
import { endless } from "../onnx/testing/hostile-models.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import { residualNet, TestGraph } from "../onnx/testing/test-graphs.ts";
import { openBackbone, openHeads, readProjectModel } from "./project-models.ts";

/** A backbone as a project has it: from its bytes, with what the file says of it. */
function reopened({ proto, summary }: Backbone, claims = {}): Promise<Backbone> {
  const again = readProjectModel(encodeModel(proto), "backbone.onnx");
  return openBackbone(again, modelIdentity(again), { ...summary, ...claims }, { job: silentJob });
}

const choices = headKinds.map((kind) => ({ kind, options: kind.options.parse({}) }));

test.each(testNetworks)(
  "$title: a project's models are what import and training said of them",
  async ({ proto }) => {
    const backbone = await importProto(proto);
    const opened = await reopened(backbone);
    expect(opened.summary).toEqual(backbone.summary);
    expect(encodeModel(opened.proto)).toEqual(encodeModel(backbone.proto));
    const heads = [...readyHeads(backbone), ...untrainedHeads(backbone, choices)];
    expect(await openHeads(opened, heads, { job: silentJob })).toEqual(heads);
  },
);

/** Two stages with a classifier after the first. */
function earlyExitNet(): GraphModel {
  const net = new TestGraph();
  const early = net.residualBlock(net.convRelu("image", 3, 4), 4);
  const late = net.residualBlock(net.residualBlock(early, 4), 4);
  return net.model([net.classifier(late, 4, 5), net.classifier(early, 4, 5)]);
}

test("exits that came with the model stay what they are, whatever the file says of their cost", async () => {
  const backbone = await importProto(earlyExitNet());
  const opened = await reopened(backbone);
  expect(opened.summary.readyExits).toHaveLength(1);
  const [head] = readyHeads(backbone);
  const [again] = await openHeads(opened, [Object.assign({}, head, { macs: 1, bytes: 1 })], {
    job: silentJob,
  });
  expect(again).toEqual(head);
});

describe("a backbone is not what the file says, but what it is", () => {
  it("costs, nodes and kinds are worked out again", async () => {
    const backbone = await importProto(residualNet(2));
    const claims = { macs: 1, nodes: [], precision: "int8", peakActivationBytes: 3, readyExits: [] } as const;
    expect((await reopened(backbone, claims)).summary).toEqual(backbone.summary);
  });

  it.each<[string, (summary: Backbone["summary"]) => object, string]>([
    [
      "another place to cut",
      ({ cutPoints }) => ({ cutPoints: cutPoints.slice(1) }),
      "project.json says that backbone.onnx has cut points relu9 [4,8,8], and it has relu2 [4,8,8], relu9 [4,8,8]; " +
        "open an older copy of the project",
    ],
    [
      "more classes",
      ({ output }) => ({ output: { ...output, classes: 6 } }),
      "project.json says that backbone.onnx has classes: 6, and it has 5; open an older copy of the project",
    ],
    [
      "another image",
      ({ input }) => ({ input: { ...input, height: 16 } }),
      "project.json says that backbone.onnx has an input of 3x16x8, and it has 3x8x8; open an older copy of the project",
    ],
  ])("%s", async (_, claims, message) => {
    const backbone = await importProto(residualNet(2));
    expect(backbone.summary.cutPoints.map(({ tensor }) => tensor)).toEqual(["relu2", "relu9"]);
    await expect(reopened(backbone, claims(backbone.summary))).rejects.toMatchObject({
      code: "file-invalid",
      message,
    });
  });

  it("an endless one ends with one line", async () => {
    const { summary } = await importProto(residualNet(2));
    const proto = endless();
    await expect(
      openBackbone(proto, modelIdentity(proto), summary, { job: silentJob, limits: { timeMs: 2000 } }),
    ).rejects.toMatchObject({
      code: "model-crashed",
      message: expect.stringMatching(
        /^backbone\.onnx: ONNX Runtime's process took more than 2 s while running/,
      ),
    });
  });

  it("one whose weights lie elsewhere is refused before anything opens them", () => {
    const proto = residualNet(1);
    const [weights] = proto.graph.initializer;
    weights.dataLocation = TensorProto_DataLocation.EXTERNAL;
    weights.rawData = new Uint8Array();
    expect(() => readProjectModel(encodeModel(proto), "backbone.onnx")).toThrow(
      "backbone.onnx can't be used: initializer weights0 has its data in another file, where all has to be in this one",
    );
  });

  it("one that leaves its image's size open, or reads two, is none that import gives", async () => {
    const { summary } = await importProto(residualNet(2));
    const open = residualNet(2, ["N", 3, "h", "w"]);
    const two = residualNet(2);
    two.graph.input.push(value("second", "float32", [1, 3, 8, 8]));
    for (const proto of [open, two])
      await expect(
        openBackbone(proto, modelIdentity(proto), summary, { job: silentJob }),
      ).rejects.toMatchObject({
        code: "model-unsupported",
        message: expect.stringMatching(/^backbone\.onnx /),
      });
  });
});

describe("a head that doesn't fit is named", () => {
  const linear = choices.filter(({ kind }) => kind.id === "gap-linear");

  /** A head of one operator between its pooling and its scores. */
  function changedHead(change: (nodes: GraphModel["graph"]["node"]) => void, head: GraphModel): GraphModel {
    const copy = decodeModel(encodeModel(head), "head");
    change(copy.graph.node);
    return copy;
  }

  it.each<[string, (heads: ReturnType<typeof untrainedHeads>) => object, string]>([
    [
      "at no cut point",
      () => ({ cutPoint: "relu3" }),
      "heads/1.onnx stands at 'relu3', which is no cut point of",
    ],
    [
      "of no kind",
      () => ({ kind: "luck" }),
      "heads/1.onnx is of the kind 'luck', expected one of mixed-hidden, mixed-linear, gap-linear",
    ],
    [
      "twice",
      ([first]) => ({ cutPoint: first.cutPoint }),
      "two heads of the kind 'gap-linear' stand at 'relu2'",
    ],
    [
      "of another form",
      () => ({
        model: model(
          graph(
            "flat",
            { nodes: [node("Identity", ["in"], ["out"])], initializers: [] },
            [value("in", "float32", ["N", 7])],
            [value("out", "float32")],
          ),
        ),
      }),
      "heads/1.onnx reads float32 [7] in 1 inputs and gives 1 outputs, expected the float32 [4,8,8] of its cut point",
    ],
    [
      "that gives something else than scores",
      ([, second]) => ({
        model: changedHead(
          (nodes) => nodes.splice(-1, 1, node("Identity", nodes.at(-1)!.input.slice(0, 1), ["logits"])),
          second.model,
        ),
      }),
      "heads/1.onnx gives float32 [1,4], expected float32 [1,5]; open an older copy of the project",
    ],
    [
      "that gives no numbers",
      ([, second]) => ({
        model: changedHead((nodes) => {
          const gemm = nodes.at(-1)!;
          gemm.output = ["scores"];
          nodes.push(node("Log", ["scores"], ["log"]), node("Log", ["log"], ["logits"]));
        }, second.model),
      }),
      "heads/1.onnx gives scores that are no finite numbers",
    ],
    [
      "that ONNX Runtime refuses",
      ([, second]) => ({
        model: changedHead((nodes) => {
          nodes.at(-1)!.opType = "NoSuchOperator";
        }, second.model),
      }),
      "heads/1.onnx: ONNX Runtime failed while loading the model",
    ],
  ])("%s", async (_, change, message) => {
    const backbone = await importProto(residualNet(2, ["N", 3, 8, 8]));
    const heads = untrainedHeads(backbone, linear);
    const changed = [heads[0], { ...heads[1], ...change(heads) }];
    await expect(openHeads(backbone, changed, { job: silentJob })).rejects.toMatchObject({
      message: expect.stringContaining(message),
    });
  });

  it("one that never ends ends with one line", async () => {
    const backbone = await importProto(residualNet(2));
    const [head, other] = untrainedHeads(backbone, linear);
    const body = graph(
      "body",
      { nodes: [node("Identity", ["go"], ["goOn"]), node("Add", ["x", "x"], ["y"])], initializers: [] },
      [value("i", "int64", []), value("go", "bool", []), value("x", "float32")],
      [value("goOn", "bool", []), value("y", "float32")],
    );
    const looping = changedHead((nodes) => {
      nodes.at(-1)!.output = ["scores"];
      nodes.push(
        node("Equal", ["one", "one"], ["yes"]),
        node("Loop", ["", "yes", "scores"], ["logits"], { body }),
      );
    }, head.model);
    looping.graph.initializer.push(intTensor("one", [1], []));
    await expect(
      openHeads(backbone, [{ ...head, model: looping }, other], { job: silentJob, limits: { timeMs: 2000 } }),
    ).rejects.toMatchObject({
      code: "model-crashed",
      message: expect.stringMatching(
        /^heads\/0\.onnx to heads\/1\.onnx: ONNX Runtime's process took more than 2 s/,
      ),
    });
  });
});

test("what has run once doesn't run for the first time again, until it is another", async () => {
  const backbone = await importProto(residualNet(2));
  const heads = untrainedHeads(backbone, choices);
  const cache = new StageCache(await temporaryFolder());
  let started = 0;
  useProbeLauncher((parts, listener) => {
    started++;
    return forkedProbe(parts, listener);
  });
  try {
    const open = (proto: GraphModel, own = heads) =>
      openBackbone(proto, modelIdentity(proto), backbone.summary, { job: silentJob, cache }).then((found) =>
        openHeads(found, own, { job: silentJob, cache }),
      );
    expect(await open(backbone.proto)).toEqual(heads);
    expect(started).toBe(2);
    expect(await open(backbone.proto)).toEqual(heads);
    expect(started).toBe(2);
    await open(backbone.proto, heads.slice(1));
    expect(started).toBe(3);
    const other = decodeModel(encodeModel(backbone.proto), "other");
    other.graph.initializer[0].rawData[0] ^= 1;
    await open(other);
    expect(started).toBe(5);
  } finally {
    useProbeLauncher(forkedProbe);
  }
});

test("a job that is cancelled stops it, and a cache that can't be written doesn't", async () => {
  const { proto, summary } = await importProto(residualNet(2));
  const job = { ...silentJob, pause: () => Promise.reject(cancelledError()) };
  const identity = modelIdentity(proto);
  await expect(openBackbone(proto, identity, summary, { job })).rejects.toMatchObject({ code: "cancelled" });
  const folder = await temporaryFolder({ "in-the-way": "a file" });
  const cache = new StageCache(`${folder}/in-the-way/cache`);
  expect((await openBackbone(proto, identity, summary, { job: silentJob, cache })).summary).toEqual(summary);
});
