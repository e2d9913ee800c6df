import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silentJob } from "../../../../shared/base/job.ts";
import { imageDims } from "../backbone.ts";
import { encodeModel } from "../codec.ts";
import { extract } from "../extract.ts";
import { StringStringEntryProtoSchema, TensorProto_DataLocation, TensorProtoSchema } from "../gen/onnx_pb.ts";
import { graph, model, node, value } from "../graph-builder.ts";
import { indexGraph } from "../graph-index.ts";
import type { GraphModel } from "../graph-model.ts";
import { halfBits } from "../half-float.ts";
import { openSession, runtimeTensor } from "../runtime.ts";
import { floatTensor, intTensor, numbersTensor } from "../tensors.ts";
import { residualNet, TestGraph } from "../testing/test-graphs.ts";
import { type ImportOptions, importModel } from "./import-model.ts";

const open = ["N", 3, 8, 8];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function importProto(proto: GraphModel, options: ImportOptions = {}) {
  const path = join(folder, "net.onnx");
  await writeFile(path, encodeModel(proto));
  return importModel(path, options, silentJob);
}

async function summaryOf(proto: GraphModel, options: ImportOptions = {}) {
  return (await importProto(proto, options)).summary;
}

function refusal(code: string, message: RegExp) {
  return expect.objectContaining({ code, message: expect.stringMatching(message) });
}

describe("architectures", () => {
  test("a residual network is cut after its stem and every block but the last", async () => {
    const { summary, proto } = await importProto(residualNet(3));
    // Convolutions 8x8: stem 4 from 3 channels, blocks two of 4 from 4; classifier 5 from 4.
    const stem = 64 * 4 * 27;
    const block = 2 * 64 * 4 * 36;
    expect(summary).toMatchObject({
      name: "net",
      producer: "offramp",
      irVersion: 8,
      opset: 13,
      precision: "float32",
      input: {
        name: "image",
        type: "float32",
        layout: "NCHW",
        channels: 3,
        height: 8,
        width: 8,
        dynamicBatch: false,
      },
      output: { classes: 5, kind: "logits", type: "float32" },
      macs: stem + 3 * block + 20,
      parameters: 108 + 6 * 144 + 20,
      parameterBytes: 4 * (108 + 6 * 144 + 20),
      // Two convolutions' results and the block's input, 4x8x8 floats each.
      peakActivationBytes: 3 * 1024,
      readyExits: [],
    });
    expect(summary.output.logitsTensor).toBe(summary.output.name);
    expect(summary.cutPoints.map(({ macs }) => macs)).toEqual([stem, stem + block, stem + 2 * block]);
    expect(summary.cutPoints[1]).toMatchObject({
      index: 1,
      shape: [1, 4, 8, 8],
      type: "float32",
      activationBytes: 1024,
    });
    expect(summary.nodes.map(({ operator }) => operator).slice(0, 6)).toEqual([
      "Conv",
      "Relu",
      "Conv",
      "Relu",
      "Conv",
      "Add",
    ]);
    expect(summary.nodes[0]).toMatchObject({
      inputs: ["image"],
      macs: stem,
      parameters: 108,
      attributes: { pads: "1, 1, 1, 1" },
    });
    const index = indexGraph(proto.graph);
    for (const { boundary } of summary.cutPoints)
      expect(extract(index, [boundary], [summary.output.name]).nodes.length).toBeGreaterThan(0);
  });

  test("a plain network with two fully connected layers is cut after every convolution", async () => {
    const net = new TestGraph();
    const first = net.maxPool(net.convRelu("image", 3, 8));
    const second = net.convRelu(first, 8, 8);
    const third = net.maxPool(net.convRelu(second, 8, 8));
    const hidden = net.add("Relu", [net.add("MatMul", [net.add("Flatten", [third]), net.weights([32, 16])])]);
    const summary = await summaryOf(net.model([net.add("MatMul", [hidden, net.weights([16, 10])])]));
    expect(summary.cutPoints.map(({ tensor }) => tensor)).toEqual([first, second, third]);
  });

  test("an inception module is cut at its concatenation, squeeze-and-excite not inside", async () => {
    const net = new TestGraph();
    const stem = net.convRelu("image", 3, 4);
    const branches = [
      net.conv(stem, 4, 4, { kernel: 1 }),
      net.conv(stem, 4, 4),
      net.conv(net.conv(stem, 4, 2), 2, 4),
    ];
    const module = net.add("Concat", branches, { axis: 1 });
    const gate = net.add("Sigmoid", [
      net.conv(net.add("GlobalAveragePool", [module]), 12, 12, { kernel: 1 }),
    ]);
    const gated = net.add("Mul", [module, gate]);
    const last = net.convRelu(gated, 12, 4);
    const summary = await summaryOf(net.model([net.classifier(last, 4, 3)]));
    // The gate's own MACs are under 1 % of all, so module and gated are one place.
    expect(summary.cutPoints.map(({ tensor }) => tensor)).toEqual([stem, gated]);
  });

  test("a densely connected block is cut at its end", async () => {
    const net = new TestGraph();
    const stem = net.convRelu("image", 3, 4);
    const one = net.convRelu(stem, 4, 4);
    const two = net.convRelu(net.add("Concat", [stem, one], { axis: 1 }), 8, 4);
    const block = net.add("Concat", [stem, one, two], { axis: 1 });
    const transition = net.maxPool(net.conv(block, 12, 4, { kernel: 1 }));
    const last = net.convRelu(transition, 4, 4);
    const summary = await summaryOf(net.model([net.classifier(last, 4, 3)]));
    expect(summary.cutPoints.map(({ tensor }) => tensor)).toEqual([stem, block, transition]);
  });
});

describe("inputs", () => {
  test("an open batch is believed only if two images at once give what they give one by one", async () => {
    const open = ["N", 3, 8, 8];
    const withEnd = (end: (net: TestGraph, pooled: string) => string) => {
      const net = new TestGraph();
      const features = net.convRelu(net.convRelu("image", 3, 4), 4, 4);
      const pooled = net.add("GlobalAveragePool", [features]);
      return net.model([net.add("MatMul", [end(net, pooled), net.weights([4, 5])])], { shape: open });
    };
    const reshape = (dims: number[]) => (net: TestGraph, pooled: string) =>
      net.add("Reshape", [pooled, net.constant(intTensor("dims", dims))]);
    const isDynamic = async (proto: GraphModel) => (await summaryOf(proto)).input.dynamicBatch;
    expect(await isDynamic(withEnd(reshape([-1, 4])))).toBe(true);
    // One row is all that this takes.
    expect(await isDynamic(withEnd(reshape([1, 4])))).toBe(false);
    // This runs, but answers each image with the mean of both.
    const mixed = (net: TestGraph, pooled: string) => {
      const flat = net.add("Flatten", [pooled]);
      return net.add("Add", [
        net.add("Sub", [flat, flat]),
        net.add("ReduceMean", [flat], { axes: [0], keepdims: 1 }),
      ]);
    };
    expect(await isDynamic(withEnd(mixed))).toBe(false);
  });

  test("an open batch is closed where the images of one are rounded together", async () => {
    const net = new TestGraph();
    const features = net.residualBlock(net.convRelu("image", 3, 4), 4);
    const pooled = net.add("Flatten", [net.add("GlobalAveragePool", [features])]);
    const [integers, scale, zero] = ["integers", "scale", "zero"];
    net.nodes.push(node("DynamicQuantizeLinear", [pooled], [integers, scale, zero]));
    const float = net.add("DequantizeLinear", [integers, scale, zero]);
    const proto = net.model([net.add("Gemm", [float, net.weights([4, 5])])], { shape: open });
    const { summary } = await importProto(proto);
    expect(summary.input.dynamicBatch).toBe(false);
    expect(summary.cutPoints).toHaveLength(1);
  });

  test("constants that an old file lists among the inputs are constants", async () => {
    const proto = residualNet(1);
    const main = proto.graph;
    const listed = main.initializer.map(({ name, dims }) => value(name, "float32", dims.map(Number)));
    const old = { ...proto, irVersion: 3n, graph: { ...main, input: [...main.input, ...listed] } };
    const { summary, proto: opened } = await importProto(old);
    expect(summary.irVersion).toBe(3);
    expect(opened.irVersion).toBe(4n);
    expect(opened.graph.input.map(({ name }) => name)).toEqual(["image"]);
    expect(summary.parameters).toBe((await summaryOf(residualNet(1))).parameters);
  });

  test("an open batch is seen, and an open image size asked for", async () => {
    const proto = () => residualNet(1, ["N", 3, "height", "width"]);
    await expect(summaryOf(proto())).rejects.toEqual(
      refusal("model-unsupported", /leaves the image size open/),
    );
    const { summary, proto: fixed } = await importProto(proto(), { inputSize: [16, 12] });
    expect(summary.input).toMatchObject({ dynamicBatch: true, height: 16, width: 12 });
    expect(summary.cutPoints[0].shape).toEqual([1, 4, 16, 12]);
    const type = fixed.graph.input[0].type!.value;
    const dims = type.case === "tensorType" ? type.value.shape!.dim.map((dim) => dim.value.value) : [];
    expect(dims).toEqual(["N", 3n, 16n, 12n]);
  });

  test("where all dims are open, a Transpose to planes says that channels come last", async () => {
    const net = new TestGraph();
    const scaled = net.add("Div", ["image", net.constant(floatTensor("most", [255], []))]);
    const turned = net.add("Transpose", [scaled], { perm: [0, 3, 1, 2] });
    const features = net.residualBlock(net.convRelu(turned, 3, 4), 4);
    const proto = net.model([net.classifier(features, 4, 5)], { shape: ["n", "h", "w", "c"] });
    const { input } = await summaryOf(proto, { inputSize: [10, 8] });
    expect(input).toMatchObject({ layout: "NHWC", channels: 3, height: 10, width: 8, dynamicBatch: true });
  });

  test("open channels are read off the first convolution", async () => {
    const summary = await summaryOf(residualNet(1, ["N", "C", 8, 8]));
    expect(summary.input.channels).toBe(3);
  });

  test("channels-last uint8 images are turned, and cut where channels are first", async () => {
    const net = new TestGraph();
    const scaled = net.add("Cast", ["image"], { to: 1 });
    const stem = net.convRelu(net.add("Transpose", [scaled], { perm: [0, 3, 1, 2] }), 3, 4);
    const block = net.residualBlock(stem, 4);
    const summary = await summaryOf(
      net.model([net.classifier(block, 4, 3)], { shape: [1, 10, 8, 3], type: "uint8" }),
    );
    expect(summary.input).toMatchObject({ layout: "NHWC", type: "uint8", channels: 3, height: 10, width: 8 });
    expect(summary.cutPoints.map(({ tensor, shape }) => [tensor, shape])).toEqual([[stem, [1, 4, 10, 8]]]);
  });

  test.each([
    ["many channels", { shape: [1, 64, 8, 8] }, {}, "model-unsupported", /expected 1, 3 or 4 channels/],
    [
      "token numbers",
      { type: "int64", shape: [1, 128] },
      {},
      "model-unsupported",
      /reads image: int64 \[1, 128\]; expected an image of/,
    ],
    ["a flat vector", { shape: [1, 784] }, {}, "model-unsupported", /expected an image of 4 dimensions/],
    ["another size than asked for", {}, { inputSize: [9, 8] }, "usage", /takes images of 8x8, not 9x8/],
  ] as const)("refuses %s", async (_, shape, options, code, message) => {
    const net = new TestGraph();
    const proto = net.model([net.classifier(net.convRelu(net.convRelu("image", 3, 4), 4, 4), 4, 3)], shape);
    await expect(summaryOf(proto, options)).rejects.toEqual(refusal(code, message));
  });

  test("an input that nothing reads is left out", async () => {
    const proto = residualNet(1);
    proto.graph.input.push(value("mask", "float32", [1, 8]));
    const { summary, proto: imported } = await importProto(proto);
    expect(summary.cutPoints).toHaveLength(1);
    expect(imported.graph.input.map(({ name }) => name)).toEqual(["image"]);
    expect(imported.graph.initializer.map(({ name }) => name)).not.toContain("mask");
  });

  test("refuses an input that the scores depend on, but for a switch, which is off", async () => {
    const withInput = (type: string, shape: number[], read: (net: TestGraph, features: string) => string) => {
      const net = new TestGraph();
      const stem = net.convRelu("image", 3, 4);
      const proto = net.model([net.classifier(net.residualBlock(read(net, stem), 4), 4, 5)]);
      proto.graph.input.push(value("other", type, shape));
      return proto;
    };
    const scaled = withInput("float32", [1], (net, stem) => net.add("Mul", [stem, "other"]));
    await expect(summaryOf(scaled)).rejects.toEqual(
      refusal(
        "model-unsupported",
        /reads other: float32 \[1\] beside the image, and its scores depend on it/,
      ),
    );
    const switched = withInput("bool", [], (net, stem) =>
      net.add("Where", ["other", net.add("Neg", [stem]), stem]),
    );
    expect((await summaryOf(switched)).cutPoints.length).toBeGreaterThan(0);
    const images = withInput("float32", [1, 3, 8, 8], (net, stem) =>
      net.add("Add", [stem, net.add("ReduceMean", ["other"], { axes: [1], keepdims: 1 })]),
    );
    await expect(summaryOf(images)).rejects.toEqual(
      refusal(
        "model-unsupported",
        /has 2 inputs \(image: float32 \[1, 3, 8, 8\], other: .*expected one image/,
      ),
    );
  });

  test("a fixed batch is brought to one where only a Reshape says it", async () => {
    const batchOfEight = (rows: number) => {
      const net = new TestGraph();
      const features = net.residualBlock(net.convRelu("image", 3, 4), 4);
      const shape = net.constant(intTensor("row", [rows, -1]));
      const flat = net.add("Reshape", [net.add("GlobalAveragePool", [features]), shape]);
      return net.model([net.add("Gemm", [flat, net.weights([4, 5])])], { shape: [8, 3, 8, 8] });
    };
    const { summary, proto } = await importProto(batchOfEight(8));
    expect(summary.input).toMatchObject({ dynamicBatch: true, height: 8, width: 8 });
    expect(summary.nodes.at(-1)!.outputs[0].shape).toEqual([1, 5]);
    const session = await openSession(encodeModel(proto));
    const { dims } = (
      await session.run({ image: runtimeTensor("float32", new Float32Array(3 * 192), [3, 3, 8, 8]) })
    )[summary.output.name];
    expect(dims).toEqual([3, 5]);
    await expect(summaryOf(batchOfEight(2))).rejects.toEqual(
      refusal(
        "model-unsupported",
        /takes exactly 8 images at once, and its graph can't be brought to one; export it again/,
      ),
    );
  });

  test.each([-1, 0])("a batch of %i is an open one", async (batch) => {
    const { summary, proto } = await importProto(residualNet(1, [batch, 3, 8, 8]));
    expect(summary.input.dynamicBatch).toBe(true);
    const session = await openSession(encodeModel(proto));
    const images = runtimeTensor("float32", new Float32Array(2 * 192), [2, 3, 8, 8]);
    expect((await session.run({ image: images }))[summary.output.name].dims).toEqual([2, 5]);
  });

  test.each([
    ["grey without channels", ["N", 8, 8], [1, 8, 8], { channels: 1, dynamicBatch: true }],
    ["no batch", [3, 8, 8], [3, 8, 8], { channels: 3, dynamicBatch: false }],
  ] as const)("an image of three dimensions: %s", async (_, shape, dims, expected) => {
    const net = new TestGraph();
    const axis = net.constant(intTensor("axis", [expected.channels === 1 ? 1 : 0]));
    const image = net.add("Unsqueeze", ["image", axis]);
    const features = net.residualBlock(net.convRelu(image, expected.channels, 4), 4);
    const summary = await summaryOf(net.model([net.classifier(features, 4, 3)], { shape }));
    expect(summary.input).toMatchObject({ ...expected, layout: "NCHW", height: 8, width: 8, dims });
    expect(imageDims(summary, 1)).toEqual(dims);
  });

  test.each([
    ["planes", [-1, 3, 8, 8], "NCHW"],
    ["pixels", [-1, 8, 8, 3], "NHWC"],
  ] as const)("a flat image that the graph reshapes to %s", async (_, shape, layout) => {
    const net = new TestGraph();
    const scaled = net.add("Div", ["image", net.constant(floatTensor("most", [255], []))]);
    const reshaped = net.add("Reshape", [scaled, net.constant(intTensor("shape", shape))]);
    const image = layout === "NCHW" ? reshaped : net.add("Transpose", [reshaped], { perm: [0, 3, 1, 2] });
    const features = net.residualBlock(net.convRelu(image, 3, 4), 4);
    const summary = await summaryOf(net.model([net.classifier(features, 4, 3)], { shape: ["N", 192] }));
    expect(summary.input).toMatchObject({ layout, channels: 3, height: 8, width: 8, dims: [1, 192] });
    expect(imageDims(summary, 7)).toEqual([7, 192]);
  });

  test.each(["float64", "int32", "int8"] as const)("takes %s", async (type) => {
    const net = new TestGraph();
    const features = net.residualBlock(net.convRelu(net.add("Cast", ["image"], { to: 1 }), 3, 4), 4);
    const summary = await summaryOf(net.model([net.classifier(features, 4, 3)], { type, shape: open }));
    expect(summary.input).toMatchObject({ type, dynamicBatch: true });
    expect(summary.cutPoints).toHaveLength(1);
  });

  test("signed bytes that the graph turns to floats at once keep their scale", async () => {
    const net = new TestGraph();
    const scale = net.constant(floatTensor("scale", [0.02], []));
    const zero = net.constant(numbersTensor("zero", "int8", Int8Array.of(-14), []));
    const floats = net.add("DequantizeLinear", ["image", scale, zero]);
    const features = net.residualBlock(net.convRelu(floats, 3, 4), 4);
    const summary = await summaryOf(
      net.model([net.classifier(features, 4, 3)], { type: "int8", shape: open }),
    );
    expect(summary.input.quantisation).toEqual({ scale: Math.fround(0.02), zeroPoint: -14 });
  });
});

describe("outputs", () => {
  const backbone = (net: TestGraph) =>
    net.classifier(net.residualBlock(net.convRelu("image", 3, 4), 4), 4, 5);

  test("a Softmax, even reshaped, gives probabilities, and what it reads logits", async () => {
    const net = new TestGraph();
    const logits = backbone(net);
    const softmax = net.add("Identity", [net.add("Softmax", [logits], { axis: 1 })]);
    const summary = await summaryOf(net.model([softmax]));
    expect(summary.output).toEqual({
      name: softmax,
      classes: 5,
      kind: "probabilities",
      logitsTensor: logits,
      type: "float32",
      shape: [1, 5],
    });
  });

  test("a Softmax over something else than the classes is none", async () => {
    const net = new TestGraph();
    const summary = await summaryOf(net.model([net.add("Softmax", [backbone(net)], { axis: 0 })]));
    expect(summary.output).toMatchObject({ kind: "logits" });
  });

  test("probabilities without a Softmax are known by their values", async () => {
    const net = new TestGraph();
    const exponents = net.add("Exp", [backbone(net)]);
    const sum = net.add("ReduceSum", [exponents], { keepdims: 1 });
    const summary = await summaryOf(net.model([net.add("Div", [exponents, sum])]));
    expect(summary.output.kind).toBe("probabilities");
    expect(summary.output.logitsTensor).toBeUndefined();
  });

  test("class scores may keep two axes of size 1", async () => {
    const net = new TestGraph();
    const last = net.conv(net.residualBlock(net.convRelu("image", 3, 4), 4), 4, 5);
    const summary = await summaryOf(net.model([net.add("GlobalAveragePool", [last])]));
    expect(summary.output).toMatchObject({ classes: 5, kind: "logits" });
    expect(summary.cutPoints).toHaveLength(1);
  });

  test("further class scores are ready exits, unless they only repeat the last", async () => {
    const net = new TestGraph();
    const stem = net.convRelu("image", 3, 4);
    const one = net.residualBlock(stem, 4);
    const two = net.residualBlock(one, 4);
    const early = net.classifier(stem, 4, 5);
    const middle = net.classifier(net.conv(one, 4, 4, { kernel: 1 }), 4, 5);
    const logits = net.classifier(two, 4, 5);
    const summary = await summaryOf(net.model([early, logits, net.add("Softmax", [logits]), middle]));
    expect(summary.output.name).toBe(logits);
    expect(summary.readyExits).toEqual([
      // 4 channels, 5 classes; a 1x1 convolution of 4 to 4 channels at 8x8 before that.
      { output: early, cutPoint: stem, macs: 20, kind: "logits" },
      { output: middle, cutPoint: one, macs: 1024 + 20, kind: "logits" },
    ]);
    expect(summary.cutPoints.map(({ tensor }) => tensor)).toEqual([stem, one]);
    // Exits are in the graph, but not in the backbone's costs.
    expect(summary.macs).toBe(6912 + 2 * 18432 + 20);
    expect(summary.nodes.some((each) => each.outputs[0]?.name === early)).toBe(true);
  });

  test("an exit that stands at no cut point is left out, and one that reads two places says what it repeats", async () => {
    const net = new TestGraph();
    const stem = net.convRelu("image", 3, 4);
    const one = net.residualBlock(stem, 4);
    const early = net.classifier("image", 3, 5);
    const pooled = [stem, one].map((tensor) => net.add("GlobalAveragePool", [tensor]));
    const flat = net.add("Flatten", [net.add("Concat", pooled, { axis: 1 })]);
    const both = net.add("MatMul", [flat, net.weights([8, 5])]);
    const logits = net.classifier(net.residualBlock(one, 4), 4, 5);
    const { summary, proto } = await importProto(net.model([early, both, logits]));
    expect(summary.output.name).toBe(logits);
    // The block's two convolutions, 9 * 4 * 4 at 8x8 each, and the classifier's 8 * 5.
    expect(summary.readyExits).toEqual([
      { output: both, cutPoint: stem, macs: 18432 + 40, repeatedMacs: 18432, kind: "logits" },
    ]);
    expect(summary.warnings).toEqual([
      { code: "exit-left-out", text: expect.stringContaining(`the exit ${early} is left out`) },
      {
        code: "exit-repeats",
        text: expect.stringContaining(
          `the exit ${both} reads more than one place of the network, so the 18.4 k MACs`,
        ),
      },
    ]);
    // Nothing of the one that was left out remains.
    expect(proto.graph.output.map(({ name }) => name)).toEqual([both, logits]);
    expect(proto.graph.node.some(({ output }) => output.includes(early))).toBe(false);
  });

  test("a network without convolutions has nowhere to be cut", async () => {
    const net = new TestGraph();
    const hidden = net.add("MatMul", [net.add("Flatten", ["image"]), net.weights([192, 8])]);
    const proto = net.model([net.add("MatMul", [net.add("Relu", [hidden]), net.weights([8, 3])])]);
    await expect(summaryOf(proto)).rejects.toEqual(refusal("model-unsupported", /no place to cut/));
  });
});

describe("precisions", () => {
  test("float16 throughout", async () => {
    const proto = residualNet(2);
    for (const tensor of proto.graph.initializer) {
      const values = new Float32Array(tensor.rawData.slice().buffer);
      tensor.rawData = new Uint8Array(Uint16Array.from(values, halfBits).buffer);
      tensor.dataType = 10;
    }
    proto.graph.input = [value("image", "float16", [1, 3, 8, 8])];
    proto.graph.output = [value(proto.graph.output[0].name, "float16")];
    const summary = await summaryOf(proto);
    expect(summary).toMatchObject({
      precision: "float16",
      input: { type: "float16" },
      output: { type: "float16", kind: "logits" },
    });
    expect(summary.cutPoints.map(({ type, activationBytes }) => [type, activationBytes])).toEqual([
      ["float16", 512],
      ["float16", 512],
    ]);
  });

  test("int8 in QDQ format is cut at the integers and read as floats", async () => {
    const net = new TestGraph();
    const scale = net.constant(floatTensor("scale", [0.05], []));
    const zero = net.constant(
      create(TensorProtoSchema, { name: "zero", dataType: 3, rawData: new Uint8Array(1) }),
    );
    const quantise = (from: string) => net.add("QuantizeLinear", [from, scale, zero]);
    const dequantise = (from: string) => net.add("DequantizeLinear", [from, scale, zero]);
    const int8Weights = (dims: number[]) => {
      const count = dims.reduce((product, dim) => product * dim, 1);
      const rawData = Uint8Array.from({ length: count }, (_, at) => (at * 37) % 256);
      const name = `int8-${net.initializers.length}`;
      return dequantise(
        net.constant(create(TensorProtoSchema, { name, dataType: 3, dims: dims.map(BigInt), rawData })),
      );
    };
    const layer = (from: string) =>
      quantise(net.add("Relu", [net.add("Conv", [from, int8Weights([3, 3, 1, 1])])]));
    const one = layer(dequantise(quantise("image")));
    const two = layer(dequantise(one));
    const boundary = quantise(net.add("Add", [dequantise(two), dequantise(one)]));
    const tensor = dequantise(boundary);
    const last = dequantise(layer(tensor));
    const summary = await summaryOf(net.model([net.classifier(last, 3, 4)]));
    expect(summary.precision).toBe("int8");
    expect(summary.cutPoints.map((cut) => [cut.boundary, cut.type, cut.activationBytes])).toEqual([
      [one, "float32", 192],
      [boundary, "float32", 192],
    ]);
    expect(summary.cutPoints[1].tensor).toBe(tensor);
    // Three convolutions of 9 one-byte weights, and the classifier's 12 floats.
    expect(summary).toMatchObject({ parameters: 39, parameterBytes: 75 });
  });

  test("int8 in operator format is cut at its integers, which heads read as floats", async () => {
    const net = new TestGraph();
    const scale = net.constant(floatTensor("scale", [0.05], []));
    const zero = net.constant(
      create(TensorProtoSchema, { name: "zero", dataType: 2, rawData: new Uint8Array(1) }),
    );
    const weights = net.constant(
      create(TensorProtoSchema, {
        name: "w",
        dataType: 2,
        dims: [3n, 3n, 1n, 1n],
        rawData: new Uint8Array(9).fill(1),
      }),
    );
    const layer = (from: string) =>
      net.add("QLinearConv", [from, scale, zero, weights, scale, zero, scale, zero]);
    const last = layer(layer(layer(net.add("QuantizeLinear", ["image", scale, zero]))));
    const proto = net.model([net.classifier(net.add("DequantizeLinear", [last, scale, zero]), 3, 4)]);
    const { summary, proto: imported } = await importProto(proto);
    const [first] = proto.graph.node.filter(({ opType }) => opType === "QLinearConv");
    const [boundary] = first.output;
    expect(summary.precision).toBe("int8");
    expect(summary.cutPoints).toMatchObject([
      {
        boundary,
        tensor: `${boundary}/dequantised`,
        type: "float32",
        shape: [1, 3, 8, 8],
        activationBytes: 192,
      },
      { boundary: expect.any(String), shape: [1, 3, 8, 8] },
    ]);
    // Two beside the way, one on it before the pooling.
    expect(imported.graph.node.filter(({ opType }) => opType === "DequantizeLinear")).toHaveLength(3);
  });
});

describe("files", () => {
  const bytesOf = (text: string) => Buffer.from(text, "latin1");

  test.each([
    ["empty", new Uint8Array(0), "file-unreadable", /is empty \(0 bytes\)/],
    ["a PNG", bytesOf("\x89PNG\r\n\x1a\n0000"), "model-invalid", /it is a PNG image/],
    ["a JPEG", bytesOf("\xff\xd8\xff\xe0"), "model-invalid", /it is a JPEG image/],
    ["a PyTorch checkpoint", bytesOf("PK\x03\x04archive/data.pkl"), "model-invalid", /ZIP archive \(PyTorch/],
    ["a Keras file", bytesOf("\x89HDF\r\n"), "model-invalid", /HDF5/],
    ["a language model", bytesOf("GGUF\x03"), "model-invalid", /GGUF/],
    [
      "a Git LFS pointer",
      bytesOf("version https://git-lfs.github.com/spec/v1"),
      "model-invalid",
      /git lfs pull/,
    ],
    ["text", bytesOf("hello, world"), "model-invalid", /not an ONNX model/],
    ["cut short", encodeModel(residualNet(1)).subarray(0, 700), "model-invalid", /cut short/],
  ])("says what is wrong with a file that is %s", async (_, bytes, code, message) => {
    const path = join(folder, "wrong.onnx");
    await writeFile(path, bytes);
    await expect(importModel(path, {}, silentJob)).rejects.toEqual(refusal(code, message));
  });

  test("a missing file and a folder", async () => {
    await expect(importModel(join(folder, "no.onnx"), {}, silentJob)).rejects.toEqual(
      refusal("file-not-found", /no\.onnx does not exist/),
    );
    await expect(importModel(folder, {}, silentJob)).rejects.toEqual(
      refusal("file-unreadable", /is a folder/),
    );
  });

  test("our own export is told apart from its original", async () => {
    const { graph: main } = residualNet(1);
    const exported = model(main!, undefined, { "offramp.plan": "{}" });
    await expect(summaryOf(exported)).rejects.toEqual(
      refusal("model-unsupported", /early-exit network.*open the model it was made from/),
    );
  });

  test("external data is taken in, and changes the hash", async () => {
    const home = join(folder, "external");
    await mkdir(home);
    const proto = residualNet(1);
    const [first] = proto.graph.initializer;
    const weights = first.rawData;
    first.rawData = new Uint8Array();
    first.dataLocation = TensorProto_DataLocation.EXTERNAL;
    first.externalData = [create(StringStringEntryProtoSchema, { key: "location", value: "weights.bin" })];
    await writeFile(join(home, "net.onnx"), encodeModel(proto));
    await writeFile(join(home, "weights.bin"), weights);
    const one = await importModel(join(home, "net.onnx"), {}, silentJob);
    expect(one.proto.graph.initializer[0].rawData).toEqual(weights);
    await writeFile(
      join(home, "weights.bin"),
      weights.map((byte) => byte ^ 1),
    );
    const other = await importModel(join(home, "net.onnx"), {}, silentJob);
    expect(other.summary.sha256).not.toBe(one.summary.sha256);
  });

  test("more class scores than can be looked at", async () => {
    const net = new TestGraph();
    const features = net.residualBlock(net.convRelu("image", 3, 4), 4);
    const proto = net.model([net.classifier(features, 4, 100_001)]);
    await expect(summaryOf(proto)).rejects.toEqual(
      refusal(
        "model-unsupported",
        /too many numbers for gemm\d+ to be looked at; .* at most 100 000 classes$/,
      ),
    );
  });

  test("a cyclic graph is refused before it runs", async () => {
    const nodes = [node("Add", ["image", "b"], ["a"]), node("Relu", ["a"], ["b"])];
    const cyclic = model(
      graph(
        "g",
        { nodes, initializers: [] },
        [value("image", "float32", [1, 3, 8, 8])],
        [value("b", "float32")],
      ),
    );
    await expect(summaryOf(cyclic)).rejects.toEqual(refusal("model-invalid", /cycle/));
  });
});

/** Published architectures with generated weights; see the folder's README. */
const zoo = fileURLToPath(new URL("../../../../../shared/models/onnx-light", import.meta.url));

describe.skipIf(!existsSync(zoo))(`published architectures in ${zoo} (skipped if absent)`, () => {
  test.each([
    // Stem and 16 blocks; after the last only the classifier is left.
    ["light_resnet50.onnx", 16, 4.089e9, 25.6e6],
    // 16 convolutions, each followed by at least two of the three fully connected layers.
    ["light_vgg19.onnx", 16, 19.63e9, 143.7e6],
    // Stem and 16 units; after the last only the classifier is left.
    ["light_shufflenet.onnx", 16, 0.125e9, 1.42e6],
    // Stem, 8 squeezes and 7 concatenations, less 4 that lie within 1 % before the next squeeze.
    ["light_squeezenet.onnx", 12, 0.349e9, 1.24e6],
  ])("%s has %i cut points", async (file, cuts, macs, parameters) => {
    const { summary } = await importModel(join(zoo, file), {}, silentJob);
    expect(summary.cutPoints).toHaveLength(cuts);
    expect(summary.macs / macs).toBeCloseTo(1, 2);
    expect(summary.parameters / parameters).toBeCloseTo(1, 2);
    expect(summary.output).toMatchObject({ classes: 1000, kind: "probabilities" });
    expect(summary.input).toMatchObject({ channels: 3, height: 224, width: 224 });
  });
});
