import { expect, test } from "vitest";
import type { TensorProto } from "../../../onnx/gen/onnx_pb.ts";
import { type AttributeValue, node } from "../../../onnx/graph-builder.ts";
import { floatTensor, intTensor } from "../../../onnx/tensors.ts";
import { noTorch, torchPython } from "../../testing/find-torch.ts";
import { compareInPytorch } from "../../testing/pytorch.ts";
import {
  comparedSmall,
  forwardLines,
  layerLines,
  noiseTensor,
  type SmallGraph,
  writeSmall,
} from "../testing/written.ts";
import { writeOperators } from "./index.ts";

interface Case extends SmallGraph {
  /** What it has to be in `forward`, after `out = `. */
  readonly line: string;
  /** Layers that it needs. */
  readonly layers?: readonly string[];
}

type Attributes = Readonly<Record<string, AttributeValue>>;

/** One operator on the image. */
function on(operator: string, attributes: Attributes, line: string, more: Partial<SmallGraph> = {}): Case {
  const further = (more.constants ?? []).map(({ name }) => name);
  return { nodes: [node(operator, ["image", ...further], ["out"], attributes)], line, ...more };
}

/** After an operator that keeps numbers in the range of another. */
function behind(first: string, operator: string, line: string): Case {
  return { nodes: [node(first, ["image"], ["x0"]), node(operator, ["x0"], ["out"])], line };
}

const row = { shape: [1, 6] };
const float = (name: string, value: number) => floatTensor(name, [value], []);
const kernel = (dims: readonly number[]): { constants: TensorProto[] } => ({
  constants: [noiseTensor("conv.weight", dims)],
});
const withBias = (dims: readonly number[]) => ({
  constants: [noiseTensor("conv.weight", dims), noiseTensor("conv.bias", [dims[0]], 6)],
});
const statistics = (channels: number) => [
  noiseTensor("bn.weight", [channels]),
  noiseTensor("bn.bias", [channels], 6),
  noiseTensor("bn.mean", [channels], 7),
  floatTensor(
    "bn.var",
    Array.from({ length: channels }, (_, at) => 0.5 + at),
  ),
];
const unary = (operator: string, line: string): Case[] => [on(operator, {}, line)];
const two = (operator: string, line: string): Case[] => [
  { nodes: [node("Relu", ["image"], ["y"]), node(operator, ["image", "y"], ["out"])], line },
];
const reduced = (operator: string, call: string): Case[] => [
  on(operator, { axes: [2, 3] }, `image.${call}(dim=(2, 3), keepdim=True)`, { opset: 11 }),
  on(operator, { axes: [-1], keepdims: 0 }, `image.${call}(dim=-1)`, { opset: 11 }),
];

/** For every operator what it is written as; a newcomer is missed by name. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  Conv: [
    on("Conv", { pads: [1, 1, 1, 1] }, "self.conv(image)", {
      ...withBias([3, 4, 3, 3]),
      ...layer("self.conv = nn.Conv2d(4, 3, 3, padding=1)"),
    }),
    on("Conv", { group: 2, strides: [2, 1], dilations: [2, 2], kernel_shape: [3, 1] }, "self.conv(image)", {
      ...kernel([6, 2, 3, 1]),
      ...layer("self.conv = nn.Conv2d(4, 6, (3, 1), stride=(2, 1), dilation=2, groups=2, bias=False)"),
    }),
    on("Conv", { pads: [0, 1, 2, 3] }, "self.conv(F.pad(image, (1, 3, 0, 2)))", kernel([3, 4, 3, 3])),
    on(
      "Conv",
      { auto_pad: "SAME_UPPER", strides: [2, 2] },
      "self.conv(F.pad(image, (0, 1, 0, 1)))",
      kernel([3, 4, 3, 3]),
    ),
    on(
      "Conv",
      { auto_pad: "SAME_LOWER", strides: [2, 2] },
      "self.conv(F.pad(image, (1, 0, 1, 0)))",
      kernel([3, 4, 3, 3]),
    ),
    on("Conv", { auto_pad: "VALID" }, "self.conv(image)", kernel([3, 4, 3, 3])),
    on("Conv", { pads: [2, 2] }, "self.conv(image)", {
      ...kernel([3, 4, 5]),
      shape: [1, 4, 9],
      ...layer("self.conv = nn.Conv1d(4, 3, 5, padding=2, bias=False)"),
    }),
  ],
  Gemm: [
    on("Gemm", { transB: 1 }, "self.fc(image)", {
      ...row,
      constants: [noiseTensor("fc.weight", [3, 6]), noiseTensor("fc.bias", [3])],
      ...layer("self.fc = nn.Linear(6, 3)"),
    }),
    on("Gemm", {}, "self.fc(image)", {
      ...row,
      constants: [noiseTensor("fc.weight", [6, 3])],
      ...layer("self.fc = nn.Linear(6, 3, bias=False)"),
    }),
  ],
  MatMul: [
    on("MatMul", {}, "self.fc(image)", {
      constants: [noiseTensor("fc.weight", [6, 5])],
      ...layer("self.fc = nn.Linear(6, 5, bias=False)"),
    }),
    {
      nodes: [
        node("Transpose", ["fc.weight"], ["turned"], { perm: [1, 0] }),
        node("MatMul", ["image", "turned"], ["out"]),
      ],
      constants: [noiseTensor("fc.weight", [5, 6])],
      line: "self.fc(image)",
      ...layer("self.fc = nn.Linear(6, 5, bias=False)"),
    },
    {
      nodes: [
        node("Transpose", ["image"], ["y"], { perm: [0, 1, 3, 2] }),
        node("MatMul", ["image", "y"], ["out"]),
      ],
      line: "image @ x",
    },
  ],
  BatchNormalization: [
    on("BatchNormalization", {}, "self.bn(image)", {
      constants: statistics(4),
      ...layer("self.bn = nn.BatchNorm2d(4)"),
    }),
    on("BatchNormalization", { epsilon: { float: 1e-3 }, momentum: { float: 0.99 } }, "self.bn(image)", {
      ...row,
      constants: statistics(6),
      ...layer("self.bn = nn.BatchNorm1d(6, eps=0.001, momentum=0.01)"),
    }),
  ],
  PRelu: [
    on("PRelu", {}, "self.act(image)", {
      constants: [noiseTensor("act.weight", [4, 1, 1])],
      ...layer("self.act = nn.PReLU(4)"),
    }),
    on("PRelu", {}, "torch.where(image < 0, self.slope * image, image)", {
      constants: [noiseTensor("slope", [4, 6, 6])],
    }),
  ],
  LayerNormalization: [
    on("LayerNormalization", { axis: -1 }, "self.norm(image)", {
      constants: [noiseTensor("norm.weight", [6]), noiseTensor("norm.bias", [6], 6)],
      ...layer("self.norm = nn.LayerNorm(6)"),
    }),
    on("LayerNormalization", { axis: 2, epsilon: { float: 1e-6 } }, "self.norm(image)", {
      constants: [noiseTensor("norm.weight", [6, 6]), noiseTensor("norm.bias", [6, 6], 6)],
      ...layer("self.norm = nn.LayerNorm((6, 6), eps=1e-6)"),
    }),
    on("LayerNormalization", {}, "F.layer_norm(image, (6,), weight=self.norm_weight)", {
      constants: [noiseTensor("norm.weight", [6])],
    }),
  ],
  InstanceNormalization: [
    on("InstanceNormalization", {}, "F.instance_norm(image, weight=self.scale, bias=self.shift)", {
      constants: [noiseTensor("scale", [4]), noiseTensor("shift", [4], 6)],
    }),
  ],

  Abs: unary("Abs", "torch.abs(image)"),
  Cos: unary("Cos", "torch.cos(image)"),
  Erf: unary("Erf", "torch.erf(image)"),
  Exp: unary("Exp", "torch.exp(image)"),
  HardSwish: unary("HardSwish", "F.hardswish(image)"),
  Log: [behind("Exp", "Log", "torch.log(x)")],
  Mish: [on("Mish", {}, "F.mish(image)", { opset: 18 })],
  Neg: unary("Neg", "torch.neg(image)"),
  Reciprocal: [behind("Exp", "Reciprocal", "torch.reciprocal(x)")],
  Relu: unary("Relu", "F.relu(image)"),
  Selu: unary("Selu", "F.selu(image)"),
  Sigmoid: unary("Sigmoid", "torch.sigmoid(image)"),
  Silu: [
    {
      nodes: [node("Sigmoid", ["image"], ["y"]), node("Mul", ["y", "image"], ["out"])],
      line: "F.silu(image)",
    },
  ],
  Sin: unary("Sin", "torch.sin(image)"),
  Softplus: unary("Softplus", "F.softplus(image)"),
  Softsign: unary("Softsign", "F.softsign(image)"),
  Sqrt: [behind("Exp", "Sqrt", "torch.sqrt(x)")],
  Tanh: unary("Tanh", "torch.tanh(image)"),
  LeakyRelu: [on("LeakyRelu", { alpha: { float: 0.2 } }, "F.leaky_relu(image, 0.2)")],
  ThresholdedRelu: [on("ThresholdedRelu", { alpha: { float: 0.3 } }, "F.threshold(image, 0.3, 0)")],
  Elu: [on("Elu", {}, "F.elu(image, 1)")],
  Celu: [on("Celu", { alpha: { float: 2 } }, "F.celu(image, 2)")],
  HardSigmoid: [
    on("HardSigmoid", { alpha: { float: 1 / 6 } }, "F.hardsigmoid(image)"),
    on("HardSigmoid", {}, "(image * 0.2 + 0.5).clamp(0, 1)"),
  ],
  Gelu: [
    on("Gelu", {}, "F.gelu(image)", { opset: 20 }),
    on("Gelu", { approximate: "tanh" }, 'F.gelu(image, approximate="tanh")', { opset: 20 }),
  ],
  Clip: [
    on("Clip", {}, "F.relu6(image)", { constants: [float("least", 0), float("most", 6)] }),
    on("Clip", { min: { float: -0.5 } }, "torch.clamp(image, min=-0.5)", { opset: 6 }),
    on("Clip", {}, "torch.clamp(image, min=-0.25, max=0.5)", {
      constants: [float("least", -0.25), float("most", 0.5)],
    }),
  ],
  Add: [
    ...two("Add", "image + x"),
    {
      nodes: [node("Add", ["half", "image"], ["out"])],
      constants: [float("half", 0.5)],
      line: "0.5 + image",
    },
  ],
  Sub: [
    { nodes: [node("Sub", ["one", "image"], ["out"])], constants: [float("one", -1)], line: "-1 - image" },
  ],
  Mul: [
    {
      nodes: [node("Mul", ["image", "scale"], ["out"])],
      constants: [noiseTensor("scale", [4, 1, 1])],
      line: "image * self.scale",
    },
    {
      nodes: [node("Mul", ["half", "image"], ["out"])],
      constants: [float("half", 0.5)],
      line: "0.5 * image",
    },
    {
      nodes: [node("Mul", ["image", "share"], ["out"])],
      constants: [floatTensor("share", [0.5])],
      line: "image * self.share",
    },
  ],
  Div: [
    {
      nodes: [node("Div", ["image", "root"], ["out"])],
      constants: [float("root", 1.4142135381698608)],
      line: "image / 1.4142135",
    },
  ],
  Pow: [
    { nodes: [node("Pow", ["image", "power"], ["out"])], constants: [float("power", 2)], line: "image ** 2" },
    {
      nodes: [node("Pow", ["base", "image"], ["out"])],
      constants: [float("base", 3)],
      line: "torch.pow(3, image)",
    },
  ],
  Sum: [
    {
      nodes: [node("Relu", ["image"], ["y"]), node("Sum", ["image", "y", "image"], ["out"])],
      line: "image + x + image",
    },
  ],
  Mean: [
    {
      nodes: [node("Relu", ["image"], ["y"]), node("Mean", ["image", "y"], ["out"])],
      line: "(image + x) / 2",
    },
  ],
  Max: [
    ...two("Max", "torch.maximum(image, x)"),
    {
      nodes: [node("Max", ["image", "zero"], ["out"])],
      constants: [float("zero", 0)],
      line: "image.clamp(min=0)",
    },
  ],
  Min: [
    ...two("Min", "torch.minimum(image, x)"),
    {
      nodes: [node("Min", ["most", "image"], ["out"])],
      constants: [float("most", 0.5)],
      line: "image.clamp(max=0.5)",
    },
  ],
  Cast: [
    {
      nodes: [node("Cast", ["image"], ["whole"], { to: 7 }), node("Cast", ["whole"], ["out"], { to: 1 })],
      line: "x.float()",
    },
  ],

  MaxPool: [
    on("MaxPool", { kernel_shape: [2, 2], strides: [2, 2] }, "F.max_pool2d(image, 2)"),
    on(
      "MaxPool",
      { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
      "F.max_pool2d(image, 3, stride=2, padding=1)",
    ),
    on(
      "MaxPool",
      { kernel_shape: [3, 3], strides: [2, 2], pads: [0, 0, 1, 1] },
      'F.max_pool2d(F.pad(image, (0, 1, 0, 1), value=float("-inf")), 3, stride=2)',
    ),
    on(
      "MaxPool",
      { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 },
      "F.max_pool2d(image, 3, stride=2, ceil_mode=True)",
    ),
  ],
  AveragePool: [
    on("AveragePool", { kernel_shape: [2, 3], strides: [1, 1] }, "F.avg_pool2d(image, (2, 3), stride=1)"),
    on(
      "AveragePool",
      { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
      "F.avg_pool2d(image, 3, stride=2, padding=1, count_include_pad=False)",
    ),
    on(
      "AveragePool",
      { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1 },
      "F.avg_pool2d(image, 3, stride=2, padding=1)",
    ),
    on(
      "AveragePool",
      { kernel_shape: [2, 2], strides: [2, 2], pads: [0, 0, 1, 1] },
      "F.avg_pool2d(F.pad(image, (0, 1, 0, 1)), 2) / F.avg_pool2d(F.pad(torch.ones_like(image), (0, 1, 0, 1)), 2)",
      { shape: [1, 4, 5, 5] },
    ),
  ],
  GlobalAveragePool: [
    on("GlobalAveragePool", {}, "F.adaptive_avg_pool2d(image, 1)"),
    on("GlobalAveragePool", {}, "F.adaptive_avg_pool1d(image, 1)", { shape: [1, 4, 9] }),
  ],
  GlobalMaxPool: [on("GlobalMaxPool", {}, "F.adaptive_max_pool2d(image, 1)")],
  ReduceMean: reduced("ReduceMean", "mean"),
  ReduceSum: [
    ...reduced("ReduceSum", "sum"),
    on("ReduceSum", {}, "image.sum(dim=2, keepdim=True)", { constants: [intTensor("axes", [2])] }),
  ],
  ReduceMax: reduced("ReduceMax", "amax"),
  ReduceMin: reduced("ReduceMin", "amin"),
  ReduceL2: [on("ReduceL2", { axes: [1] }, "torch.linalg.vector_norm(image, dim=1, keepdim=True)")],
  LpNormalization: [on("LpNormalization", { axis: 1 }, "F.normalize(image, p=2, dim=1)")],
  Softmax: [
    on("Softmax", { axis: 1 }, "torch.softmax(image, 1)"),
    on("Softmax", { axis: 2 }, "torch.softmax(image.flatten(2), -1).view_as(image)", { opset: 11 }),
    on("Softmax", {}, "torch.softmax(image, 1)", { ...row, opset: 11 }),
  ],
  LogSoftmax: [on("LogSoftmax", {}, "torch.log_softmax(image, -1)")],
  LRN: [
    on(
      "LRN",
      { size: 3, alpha: { float: 0.001 }, bias: { float: 2 } },
      "F.local_response_norm(image, 3, alpha=0.001, beta=0.75, k=2)",
    ),
  ],

  Reshape: [
    on("Reshape", {}, "image.reshape(-1, 2, 2, 36)", { constants: [intTensor("to", [-1, 2, 2, 36])] }),
    on("Reshape", {}, "image.reshape(image.shape[0], 2, 2, -1)", {
      constants: [intTensor("to", [0, 2, 2, -1])],
    }),
    on("Reshape", {}, "image.flatten(1)", { constants: [intTensor("to", [-1, 144])] }),
  ],
  Flatten: [
    on("Flatten", {}, "image.flatten(1)"),
    on("Flatten", { axis: -1 }, "image.flatten(3).flatten(0, 2)"),
  ],
  Transpose: [on("Transpose", { perm: [0, 2, 3, 1] }, "image.permute(0, 2, 3, 1)")],
  Squeeze: [
    on("Squeeze", { axes: [-1, -2] }, "image.squeeze(3).squeeze(2)", { shape: [1, 4, 1, 1], opset: 11 }),
    on("Squeeze", {}, "image.squeeze(2)", { shape: [1, 4, 1, 6], constants: [intTensor("axes", [2])] }),
  ],
  Unsqueeze: [
    on("Unsqueeze", { axes: [-1, -2] }, "image.unsqueeze(2).unsqueeze(3)", { ...row, opset: 11 }),
    on("Unsqueeze", {}, "image.unsqueeze(1)", { ...row, constants: [intTensor("axes", [1])] }),
  ],
  Concat: [
    {
      nodes: [node("Relu", ["image"], ["y"]), node("Concat", ["image", "y"], ["out"], { axis: 1 })],
      line: "torch.cat([image, x], 1)",
    },
  ],
  Split: [
    {
      nodes: [
        node("Split", ["image", "sizes"], ["first", "unread", "third"], { axis: 1 }),
        node("Concat", ["third", "first"], ["out"], { axis: 1 }),
      ],
      constants: [intTensor("sizes", [1, 2, 1])],
      line: "torch.cat([first_2, first], 1)",
    },
    {
      nodes: [
        node("Split", ["image"], ["first", "second"], { axis: 2, num_outputs: 2 }),
        node("Concat", ["second", "first"], ["out"], { axis: 2 }),
      ],
      shape: [1, 4, 7, 6],
      opset: 18,
      line: "torch.cat([first_2, first], 2)",
    },
  ],
  Slice: [
    on("Slice", { axes: [1, 3], starts: [1, -2], ends: [3, 2 ** 31 - 1] }, "image[:, 1:3, :, -2:]", {
      opset: 9,
    }),
    on("Slice", {}, "image[:, :, ::2]", {
      constants: [
        intTensor("starts", [0]),
        intTensor("ends", [2 ** 31]),
        intTensor("axes", [2]),
        intTensor("steps", [2]),
      ],
    }),
    on("Slice", {}, "image.flip(1)", {
      constants: [
        intTensor("starts", [-1]),
        intTensor("ends", [-(2 ** 31)]),
        intTensor("axes", [1]),
        intTensor("steps", [-1]),
      ],
    }),
  ],
  Gather: [
    on("Gather", { axis: 1 }, "image[:, [2, 0]]", { constants: [intTensor("at", [2, 0])] }),
    on("Gather", { axis: -1 }, "image[:, :, :, -1]", { constants: [intTensor("at", [-1], [])] }),
    on("Gather", { axis: 1 }, "image[:, self.at]", {
      shape: [1, 12, 2, 2],
      constants: [intTensor("at", [11, 9, 7, 5, 3, 1, 0, 2, 4, 6, 8, 10])],
    }),
  ],
  Pad: [
    on("Pad", {}, "F.pad(image, (1, 3, 0, 2))", { constants: [intTensor("pads", [0, 0, 0, 1, 0, 0, 2, 3])] }),
    on("Pad", {}, "F.pad(image, (0, 0, 0, 0, 1, 2), value=0.5)", {
      constants: [intTensor("pads", [0, 1, 0, 0, 0, 2, 0, 0]), float("fill", 0.5)],
    }),
    on("Pad", { mode: "reflect" }, 'F.pad(image, (1, 2, 0, 0), mode="reflect")', {
      constants: [intTensor("pads", [0, 0, 0, 1, 0, 0, 0, 2])],
    }),
    on(
      "Pad",
      { mode: "edge", pads: [0, 0, 1, 1, 0, 0, 1, 1] },
      'F.pad(image, (1, 1, 1, 1), mode="replicate")',
      { opset: 10 },
    ),
    {
      nodes: [node("Pad", ["image", "pads", "", "axes"], ["out"])],
      constants: [intTensor("pads", [1, 2]), intTensor("axes", [-1])],
      opset: 18,
      line: "F.pad(image, (1, 2))",
    },
  ],
  DepthToSpace: [on("DepthToSpace", { blocksize: 2, mode: "CRD" }, "F.pixel_shuffle(image, 2)")],
  Einsum: [
    {
      nodes: [node("Einsum", ["image", "mix"], ["out"], { equation: "nchw,dc->ndhw" })],
      constants: [noiseTensor("mix", [3, 4])],
      line: 'torch.einsum("nchw,dc->ndhw", image, self.mix)',
    },
  ],
  Expand: [
    on("Expand", {}, "image.expand(-1, -1, 5, -1)", {
      shape: [1, 4, 1, 6],
      constants: [intTensor("to", [1, 4, 5, 6])],
    }),
    {
      nodes: [
        node("Shape", ["image"], ["shape"]),
        node("Gather", ["shape", "first"], ["count"]),
        node("Concat", ["count", "rest"], ["to"], { axis: 0 }),
        node("Expand", ["token", "to"], ["tokens"]),
        node("Concat", ["tokens", "image"], ["out"], { axis: 1 }),
      ],
      shape: [1, 4, 6],
      constants: [intTensor("first", [0]), intTensor("rest", [1, 6]), noiseTensor("token", [1, 1, 6])],
      line: "torch.cat([self.token.expand(image.shape[0], -1, -1), image], 1)",
    },
  ],
};

function layer(...lines: string[]): { layers: string[] } {
  return { layers: lines };
}

const everyCase = Object.entries(cases).flatMap(([operator, list]) =>
  list.map((item, at) => ({ ...item, title: `${operator}-${at + 1}` })),
);

test("every operator that is written has a case here", () => {
  expect(Object.keys(cases).sort()).toEqual([...writeOperators.keys()].sort());
});

test.each(everyCase)("$title is written as $line", async (item) => {
  const { python } = await writeSmall(item);
  expect(forwardLines(python).at(-1)).toBe(`out = ${item.line}`);
  if (item.layers) expect(layerLines(python)).toEqual(item.layers);
});

test("every operator computes in PyTorch what ONNX Runtime does", async (context) => {
  context.skip(torchPython === undefined, noTorch);
  const networks = new Map(
    await Promise.all(everyCase.map(async (item) => [item.title, await comparedSmall(item)] as const)),
  );
  const off = Object.entries(await compareInPytorch(networks)).filter(([, found]) => !(Number(found) < 1e-5));
  expect(off).toEqual([]);
});
