import { seededRandom } from "../../../../shared/base/random.ts";
import { renameFragment } from "../../onnx/compose.ts";
import { type TensorProto, TensorProto_DataType } from "../../onnx/gen/onnx_pb.ts";
import { graph, node, opset, value } from "../../onnx/graph-builder.ts";
import type { GraphModel } from "../../onnx/graph-model.ts";
import { halfBits } from "../../onnx/half-float.ts";
import { floatTensor, intTensor, numbersTensor } from "../../onnx/tensors.ts";
import { TestGraph } from "../../onnx/testing/test-graphs.ts";
import {
  shiftedWindows,
  standingWindows,
  turnedBackAndForth,
  visionTransformer,
} from "../../onnx/testing/test-transformers.ts";

/** For tests: one small trained-looking network of each make that an export has to carry. */
export interface TestNetwork {
  readonly title: string;
  readonly proto: GraphModel;
  /** Cut points that it has. */
  readonly cutPoints: number;
  /** Most by which logits may differ between two ways to run it, as share of their spread. */
  readonly tolerance: number;
}

const classes = 5;
const openShape = ["N", 3, 8, 8];

/** Stem and three residual blocks of 12 channels (no multiple of 8), pooling, fully connected layer with bias. */
function residualGraph(image = "image", scores = classes): { net: TestGraph; logits: string } {
  const net = new TestGraph();
  let features = net.convRelu(image, 3, 12);
  for (let block = 0; block < 3; block++) features = net.residualBlock(features, 12);
  const flat = net.add("Flatten", [net.add("GlobalAveragePool", [features])]);
  const logits = net.add("Gemm", [flat, net.weights([12, scores]), net.weights([scores])]);
  return { net, logits };
}

function withOpset(proto: GraphModel, version: number): GraphModel {
  return { ...proto, opsetImport: [opset(version)] };
}

function plain(version: number): GraphModel {
  const { net, logits } = residualGraph();
  return withOpset(net.model([logits], { shape: openShape }), version);
}

/** Fixed batch of 1. */
function fixedBatch(): GraphModel {
  const { net, logits } = residualGraph();
  return net.model([logits]);
}

/** Says that its batch is open, but flattens to a single row. */
function falselyOpenBatch(): GraphModel {
  const { net, logits } = residualGraph();
  const row = net.add("Reshape", [logits, net.constant(intTensor("row", [1, classes]))]);
  return net.model([row], { shape: openShape });
}

/** IR version 3, where constants stand among the inputs. */
function constantsAsInputs(): GraphModel {
  const proto = plain(9);
  const { graph } = proto;
  const constants = graph.initializer.map(({ name, dims }) => value(name, "float32", dims.map(Number)));
  return { ...proto, irVersion: 3n, graph: { ...graph, input: [...graph.input, ...constants] } };
}

function softmaxOutput(version: number): GraphModel {
  const { net, logits } = residualGraph();
  return withOpset(net.model([net.add("Softmax", [logits], { axis: 1 })], { shape: openShape }), version);
}

/** Probabilities that no Softmax makes, so that only their logarithm can serve as logits. */
function onlyProbabilities(): GraphModel {
  const { net, logits } = residualGraph();
  const powers = net.add("Exp", [net.add("Mul", [logits, net.constant(floatTensor("small", [0.02], []))])]);
  const sum = net.add("ReduceSum", [powers, net.constant(intTensor("axis", [1]))]);
  return net.model([net.add("Div", [powers, sum])], { shape: openShape });
}

/** Two classes told apart by one score, as `end` gives it. */
function oneScore(end: (net: TestGraph, score: string) => string, shape = openShape): GraphModel {
  const { net, logits } = residualGraph("image", 1);
  return net.model([end(net, logits)], { shape });
}

const flatten = (net: TestGraph, score: string) =>
  net.add("Reshape", [score, net.constant(intTensor("all", [-1]))]);

/** 1 / (1 + exp(-x)), written out, so that only its logarithm can serve. */
function hiddenSigmoid(net: TestGraph, score: string): string {
  const one = net.constant(floatTensor("one", [1], []));
  return net.add("Reciprocal", [net.add("Add", [net.add("Exp", [net.add("Neg", [score])]), one])]);
}

/** All weights, input and output float16. */
function half(): GraphModel {
  const proto = plain(13);
  const { graph } = proto;
  const halved = (name: string) => value(name, "float16", name === "image" ? openShape : undefined);
  return {
    ...proto,
    graph: {
      ...graph,
      input: graph.input.map(({ name }) => halved(name)),
      output: graph.output.map(({ name }) => halved(name)),
      initializer: graph.initializer.map((tensor) => {
        const floats = new Float32Array(tensor.rawData.slice().buffer);
        const bits = Uint16Array.from(floats, halfBits);
        return {
          ...tensor,
          dataType: TensorProto_DataType.FLOAT16,
          rawData: new Uint8Array(bits.buffer),
        };
      }),
    },
  };
}

/** Layers of a network that is quantised per tensor to uint8, with int8 weights. */
class QuantisedGraph extends TestGraph {
  readonly #scale = this.constant(floatTensor("activation/scale", [0.05], []));
  readonly #zero = this.constant(zeroPoint("activation/zero", TensorProto_DataType.UINT8, 100));
  readonly #weightScale = this.constant(floatTensor("weight/scale", [0.01], []));
  readonly #weightZero = this.constant(zeroPoint("weight/zero", TensorProto_DataType.INT8, 0));

  /** Through QuantizeLinear and DequantizeLinear. */
  onGrid(from: string): string {
    const integers = this.add("QuantizeLinear", [from, this.#scale, this.#zero]);
    return this.add("DequantizeLinear", [integers, this.#scale, this.#zero]);
  }

  weightsOnGrid(dims: readonly number[]): string {
    const integers = this.add("QuantizeLinear", [this.weights(dims), this.#weightScale, this.#weightZero]);
    return this.add("DequantizeLinear", [integers, this.#weightScale, this.#weightZero]);
  }

  convOnGrid(from: string, inputs: number): string {
    return this.add("Conv", [from, this.weightsOnGrid([12, inputs, 3, 3])], { pads: [1, 1, 1, 1] });
  }

  convReluOnGrid(from: string, inputs: number): string {
    return this.onGrid(this.add("Relu", [this.convOnGrid(from, inputs)]));
  }
}

function zeroPoint(name: string, dataType: TensorProto_DataType, value: number): TensorProto {
  return { ...intTensor(name, [], []), dataType, rawData: Uint8Array.of(value) };
}

/** Residual blocks between QuantizeLinear and DequantizeLinear. */
function quantised(): GraphModel {
  const net = new QuantisedGraph();
  let features = net.convReluOnGrid(net.onGrid("image"), 3);
  for (let block = 0; block < 3; block++) {
    const branch = net.onGrid(net.convOnGrid(net.convReluOnGrid(features, 12), 12));
    features = net.onGrid(net.add("Relu", [net.add("Add", [features, branch])]));
  }
  const flat = net.add("Flatten", [net.add("GlobalAveragePool", [features])]);
  return net.model([net.add("Gemm", [flat, net.weights([12, classes])])], { shape: openShape });
}

/** Its last cut lies between a pooling and the next QuantizeLinear, on a float tensor. */
function quantisedChain(): GraphModel {
  const net = new QuantisedGraph();
  const first = net.convReluOnGrid(net.onGrid("image"), 3);
  const second = net.convReluOnGrid(first, 12);
  const pooled = net.maxPool(net.convReluOnGrid(second, 12));
  const flat = net.onGrid(net.add("Flatten", [pooled]));
  const hidden = net.add("Relu", [net.add("Gemm", [flat, net.weightsOnGrid([192, 16])])]);
  const logits = net.add("Gemm", [net.onGrid(hidden), net.weightsOnGrid([16, classes])]);
  return net.model([logits], { shape: openShape });
}

/** Its tensors, and its image, are called as the outputs of an export are. */
function collidingNames(): GraphModel {
  const { net, logits } = residualGraph("exit");
  const [stem, , block] = net.nodes.filter(({ opType }) => opType === "Relu").map(({ output }) => output[0]);
  const names = new Map([
    [stem, "confidence"],
    [block, "threshold"],
    [logits, "logits"],
  ]);
  const rename = (name: string) => names.get(name) ?? name;
  const nodes = net.nodes.map((item) => ({
    ...item,
    input: item.input.map(rename),
    output: item.output.map(rename),
  }));
  const proto = net.model(["logits"], { shape: openShape });
  const { graph } = proto;
  return { ...proto, graph: { ...graph, node: nodes, input: [value("exit", "float32", openShape)] } };
}

/** Reads [N, H, W, C] and turns it at once. */
function channelsLast(): GraphModel {
  const { net, logits } = residualGraph("turned");
  const proto = net.model([logits], { shape: ["N", 8, 8, 3] });
  const turn = new TestGraph();
  turn.add("Transpose", ["image"], { perm: [0, 3, 1, 2] });
  const [node] = turn.nodes;
  const { graph } = proto;
  return { ...proto, graph: { ...graph, node: [{ ...node, output: ["turned"] }, ...graph.node] } };
}

/**
 * As PyTorch exports `view(x.size(0), -1)`: the last row takes its batch from the shape of the image. A learnt row is
 * expanded to the batch before the last block, and the block's height and width come from the stem's.
 */
function shapesReadLate(): GraphModel {
  const net = new TestGraph();
  const constant = (name: string, values: readonly number[]) => net.constant(intTensor(name, values));
  const stem = net.convRelu("image", 3, 12);
  const first = net.residualBlock(stem, 12);
  const second = net.residualBlock(first, 12);
  const batch = net.add("Slice", [net.add("Shape", ["image"]), constant("from", [0]), constant("to", [1])]);
  const size = net.add("Slice", [net.add("Shape", [stem]), constant("from-2", [2]), constant("to-4", [4])]);
  const filled = net.add("Concat", [batch, constant("channels", [12]), size], { axis: 0 });
  const row = net.add("Expand", [net.weights([1, 12, 1, 1]), filled]);
  const third = net.residualBlock(net.add("Add", [second, row]), 12);
  const shape = net.add("Concat", [batch, constant("rest", [-1])], { axis: 0 });
  const flat = net.add("Reshape", [net.add("GlobalAveragePool", [third]), shape]);
  return net.model([net.add("Gemm", [flat, net.weights([12, classes])])], { shape: openShape });
}

/** QLinearConv all along: no float tensor between image and scores. */
function operatorQuantised(): GraphModel {
  const net = new TestGraph();
  const scale = net.constant(floatTensor("scale", [0.05], []));
  const zero = net.constant(zeroPoint("zero", TensorProto_DataType.UINT8, 100));
  const weightScale = net.constant(floatTensor("weight/scale", [0.01], []));
  const weightZero = net.constant(zeroPoint("weight/zero", TensorProto_DataType.INT8, 0));
  const random = seededRandom(3);
  const layer = (from: string, inputs: number, number: number) => {
    const values = Int8Array.from({ length: 12 * inputs * 9 }, () => Math.floor(random() * 101) - 50);
    const weights = net.constant(numbersTensor(`w${number}`, "int8", values, [12, inputs, 3, 3]));
    const read = [from, scale, zero, weights, weightScale, weightZero, scale, zero];
    return net.add("QLinearConv", read, { pads: [1, 1, 1, 1] });
  };
  let features = net.add("QuantizeLinear", ["image", scale, zero]);
  for (let number = 0; number < 4; number++) features = layer(features, number === 0 ? 3 : 12, number);
  const flat = net.add("Flatten", [
    net.add("GlobalAveragePool", [net.add("DequantizeLinear", [features, scale, zero])]),
  ]);
  return net.model([net.add("Gemm", [flat, net.weights([12, classes])])], { shape: openShape });
}

/** Its second block is a convolution within both branches of an If. */
function branching(): GraphModel {
  const net = new TestGraph();
  const stem = net.convRelu("image", 3, 12);
  const mean = net.add("ReduceMean", [stem], { axes: [0, 1, 2, 3], keepdims: 0 });
  const isBright = net.add("Greater", [mean, net.constant(floatTensor("limit", [0.5], []))]);
  const branch = () => {
    const inside = new TestGraph();
    const result = inside.convRelu("captured", 12, 12);
    const rename = (name: string) => (name === "captured" ? stem : `inside/${name}`);
    return graph("branch", renameFragment(inside, rename), [], [value(rename(result), "float32")]);
  };
  const chosen = net.add("If", [isBright], { then_branch: branch(), else_branch: branch() });
  const last = net.residualBlock(net.residualBlock(chosen, 12), 12);
  return net.model([net.classifier(last, 12, classes)], { shape: openShape });
}

/** [N, values], which the graph reshapes to an image. */
function flatImage(): GraphModel {
  const { net, logits } = residualGraph("turned");
  const proto = net.model([logits], { shape: ["N", 192] });
  const { graph } = proto;
  const shape = intTensor("image/shape", [-1, 3, 8, 8]);
  const reshape = node("Reshape", ["image", shape.name], ["turned"]);
  return {
    ...proto,
    graph: { ...graph, node: [reshape, ...graph.node], initializer: [...graph.initializer, shape] },
  };
}

function network(title: string, proto: GraphModel, tolerance = 1e-4, cutPoints = 3): TestNetwork {
  return { title, proto, tolerance, cutPoints };
}

export const testNetworks: readonly TestNetwork[] = [
  ...[7, 9, 10, 11, 12, 13, 17, 18, 21].map((version) =>
    network(`float32, opset ${version}`, plain(version)),
  ),
  network("float16", half(), 0.02),
  network("int8 between QuantizeLinear and DequantizeLinear", quantised(), 0.2),
  network("int8 with a cut on a float tensor", quantisedChain(), 0.2),
  network("a fixed batch of 1", fixedBatch()),
  network("a batch that is open in name only", falselyOpenBatch()),
  network("constants among the inputs", constantsAsInputs()),
  network("Softmax at the end, opset 11", softmaxOutput(11)),
  network("Softmax at the end, opset 13", softmaxOutput(13)),
  network("probabilities only", onlyProbabilities()),
  network(
    "one logit for two classes",
    oneScore((_, score) => score),
  ),
  network(
    "one probability for two classes, in a row",
    oneScore((net, score) => flatten(net, net.add("Sigmoid", [score]))),
  ),
  network("one probability that no Sigmoid makes", oneScore(hiddenSigmoid)),
  network(
    "one logit, a fixed batch of 1, no axis",
    oneScore((net, score) => net.add("Squeeze", [score]), [1, 3, 8, 8]),
  ),
  network("tensors named as the export's outputs", collidingNames()),
  network("channels last", channelsLast()),
  network("late reads of early shapes", shapesReadLate()),
  network("int8 in operator format", operatorQuantised(), 0.2),
  network("convolutions in branches", branching()),
  network("a flat image", flatImage()),
  network("a transformer", visionTransformer(3).proto, 1e-4, 4),
  network("a transformer with a fixed batch of 1", visionTransformer(3, 1).proto, 1e-4, 4),
  network("shifted windows", shiftedWindows().proto, 1e-4, 6),
  network("windows that stay windows", standingWindows().proto, 1e-4, 4),
  network("channels last around every convolution", turnedBackAndForth().proto),
];
