import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import type { NodeProto } from "../onnx/gen/onnx_pb.ts";
import { graph, model, node, opset, value } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { openSession, runtimeTensor } from "../onnx/runtime.ts";
import { floatTensor } from "../onnx/tensors.ts";
import { importProto, noiseImages } from "../onnx/testing/test-backbone.ts";
import { quantisable, quantisedModel } from "./quantise-model.ts";
import type { ValueRange } from "./quantise-numbers.ts";

/** A grey image of 2 x 2; a convolution with a batch norm and a ReLU, a sum with itself, and two classes. */
function smallProto(): GraphModel {
  const nodes = [
    node("Conv", ["image", "weights"], ["conv"]),
    node("BatchNormalization", ["conv", "scale", "shift", "mean", "variance"], ["norm"], {
      epsilon: { float: 0 },
    }),
    node("Relu", ["norm"], ["relu"]),
    node("Conv", ["relu", "second"], ["again"]),
    node("Add", ["again", "relu"], ["sum"]),
    node("GlobalAveragePool", ["sum"], ["pooled"]),
    node("Flatten", ["pooled"], ["flat"]),
    node("Gemm", ["flat", "classifier", "bias"], ["scores"]),
  ];
  const initializers = [
    floatTensor("weights", [1, -1], [2, 1, 1, 1]),
    floatTensor("scale", [2, 3]),
    floatTensor("shift", [0.5, 1]),
    floatTensor("mean", [0.25, -1]),
    floatTensor("variance", [4, 9]),
    floatTensor("second", [0.5, 0, 0, 0.5], [2, 2, 1, 1]),
    floatTensor("classifier", [1, -1, 0.5, 2], [2, 2]),
    floatTensor("bias", [0.1, -0.1]),
  ];
  const input = value("image", "float32", ["batch", 1, 2, 2]);
  return model(graph("small", { nodes, initializers }, [input], [value("scores", "float32", ["batch", 2])]));
}

async function run({ summary }: Backbone, proto: GraphModel, image: Float32Array): Promise<number[]> {
  const session = await openSession(encodeModel(proto));
  const results = await session.run({ [summary.input.name]: runtimeTensor("float32", image, [1, 1, 2, 2]) });
  await session.release();
  return [...(results[summary.output.name].data as Float32Array)];
}

/** Wide enough for noise of four standard deviations. */
const ranges = new Map<string, ValueRange>([
  ["image", [-4, 6]],
  ["relu", [0, 12]],
  ["again", [0, 6]],
  ["sum", [0, 18]],
  ["pooled", [0, 18]],
]);

test("a small network with integers answers as in floats, to the steps of its bytes", async () => {
  const backbone = await importProto(smallProto());
  const prepared = quantisable(backbone);
  expect([...prepared.plan.activations].sort()).toEqual(["again", "flat", "image", "pooled", "relu", "sum"]);
  expect(prepared.plan.sameAs).toEqual(new Map([["flat", "pooled"]]));
  const quantised = quantisedModel(prepared, ranges);
  for (const image of noiseImages(backbone, 5, seededRandom(1))) {
    const [one, other] = [await run(backbone, backbone.proto, image), await run(backbone, quantised, image)];
    // A step of the largest range is 18 / 255 = 0.07, and three layers add theirs.
    for (const [index, score] of one.entries()) expect(Math.abs(score - other[index])).toBeLessThan(0.3);
  }
});

test("the batch norm is folded: scale 2 / sqrt 4, and shift 0.5 - 0.25", async () => {
  const { proto } = quantisable(await importProto(smallProto()));
  expect(proto.graph.node.map(({ opType }) => opType)).not.toContain("BatchNormalization");
  const constant = (name: string) => proto.graph.initializer.find((tensor) => tensor.name === name)!;
  const floats = ({ rawData }: { rawData: Uint8Array }) => [...new Float32Array(rawData.slice().buffer)];
  expect(floats(constant("norm/folded-weights"))).toEqual([1, -1]);
  expect(floats(constant("norm/folded-bias"))).toEqual([0.25, 2]);
});

test("scale and zero point stand in the file as they were worked out, and float weights are gone", async () => {
  const { graph: made } = quantisedModel(quantisable(await importProto(smallProto())), ranges);
  const bytes = (name: string) => made.initializer.find((tensor) => tensor.name === name)!.rawData.slice();
  expect(new Float32Array(bytes("image/scale").buffer)[0]).toBeCloseTo(10 / 255, 8);
  expect([...bytes("image/zero-point")]).toEqual([102]);
  // Channels of the classifier are its columns: 1 and 0.5, -1 and 2; the larger is 64.
  expect([...new Int8Array(bytes("scores/weights/whole").buffer)]).toEqual([64, -32, 32, 64]);
  expect(made.initializer.map(({ name }) => name)).not.toContain("classifier");
});

/** Names of the operators that ONNX Runtime makes of a model, and runs. */
async function operatorsRun(
  backbone: Backbone,
  proto: GraphModel,
  image: Float32Array,
): Promise<Set<string>> {
  const folder = await mkdtemp(join(tmpdir(), "offramp-quantise-"));
  try {
    const session = await openSession(encodeModel(proto), { profilePrefix: join(folder, "trace") });
    const feeds = { [backbone.summary.input.name]: runtimeTensor("float32", image, [1, 1, 2, 2]) };
    await session.run(feeds);
    session.endProfiling();
    await session.release();
    const [file] = await readdir(folder);
    const events: { args?: { op_name?: string } }[] = JSON.parse(await readFile(join(folder, file), "utf8"));
    return new Set(events.flatMap(({ args }) => args?.op_name ?? []));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("ONNX Runtime fuses all of it to operators on integers, and import takes it as a backbone", async () => {
  const backbone = await importProto(smallProto());
  const quantised = quantisedModel(quantisable(backbone), ranges);
  const operators = await operatorsRun(backbone, quantised, new Float32Array(4));
  for (const operator of ["QLinearConv", "QLinearAdd", "QLinearGlobalAveragePool", "QGemm"])
    expect(operators).toContain(operator);
  for (const operator of ["Conv", "FusedConv", "Relu", "Add", "Gemm"])
    expect(operators).not.toContain(operator);
  const { summary } = await importProto(quantised);
  expect(summary.output.classes).toBe(2);
});

test("what can't be quantised is refused with the reason", async () => {
  const withOpset = (version: number) => {
    const proto = smallProto();
    proto.opsetImport = [opset(version)];
    return proto;
  };
  expect(() => quantisable({ ...fake, proto: withOpset(12) })).toThrow(
    "net can't be quantised: its operator set is 12, and scales per channel need 13; export it with operator set 13 or newer",
  );
  const quantised = quantisedModel(quantisable({ ...fake, proto: smallProto() }), ranges);
  expect(() => quantisable({ ...fake, proto: quantised })).toThrow(/computes with integers already/);
  const plain = model(
    graph("plain", { nodes: [node("Relu", ["image"], ["scores"])], initializers: [] }, [], []),
  );
  expect(() => quantisable({ ...fake, proto: plain })).toThrow(/no convolution or matrix product/);
});

/** Only its name is read. */
const fake = { summary: { name: "net" } } as unknown as Backbone;

test("weights that aren't constant, scaled products and maps that are class scores stay floats", async () => {
  const proto = smallProto();
  const gemm = proto.graph.node.at(-1) as NodeProto;
  gemm.attribute.push(...node("Gemm", [], ["x"], { alpha: { float: 0.5 } }).attribute);
  const { plan } = quantisable({ ...fake, proto });
  expect(plan.layers.map((layer) => layer.node.output[0])).toEqual(["norm", "again"]);
  expect(plan.activations.has("scores")).toBe(false);
});
