import { expect, test } from "vitest";
import { AppError } from "../../../../shared/base/errors.ts";
import { seededRandom } from "../../../../shared/base/random.ts";
import { node } from "../../onnx/graph-builder.ts";
import { floatTensor, intTensor } from "../../onnx/tensors.ts";
import { noTorch, torchPython } from "../testing/find-torch.ts";
import { compareInPytorch } from "../testing/pytorch.ts";
import { storeConstants } from "./graph/store-constants.ts";
import {
  comparedSmall,
  forwardLines,
  layerLines,
  noiseTensor,
  type SmallGraph,
  smallModel,
  writeSmall,
} from "./testing/written.ts";
import { writeNetwork } from "./write-network.ts";

const conv = (name: string, from: string, to: string) => ({
  ...node("Conv", [from, `${name}.weight`, `${name}.bias`], [to], { pads: [1, 1, 1, 1] }),
});
const weightsOf = (name: string, inputs = 4, outputs = 4) => [
  noiseTensor(`${name}.weight`, [outputs, inputs, 3, 3]),
  noiseTensor(`${name}.bias`, [outputs]),
];

/** A block whose input is added to what it makes, and two outputs. */
const residual: SmallGraph = {
  nodes: [
    conv("stem", "image", "a"),
    node("Relu", ["a"], ["b"]),
    conv("block.0", "b", "c"),
    node("Dropout", ["c"], ["d"]),
    node("Identity", ["d"], ["e"]),
    node("Add", ["e", "b"], ["f"]),
    node("GlobalAveragePool", ["f"], ["g"]),
    node("Flatten", ["g"], ["h"]),
    node("Cast", ["h"], ["out"], { to: 1 }),
    node("GlobalMaxPool", ["b"], ["early"]),
  ],
  constants: [...weightsOf("stem"), ...weightsOf("block.0")],
  outputs: ["early", "out"],
};

test("a network is a plain module: a line a layer, the model's own names, and x for what only the next line reads", async () => {
  const { python } = await writeSmall(residual);
  expect(python.source).toBe(`"""small"""
import torch
from torch import nn
from torch.nn import functional as F


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(4, 4, 3, padding=1)
        self.block_0 = nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, image):
        """From images [N, 4, 6, 6] to the logits of each output [N, classes], in order."""
        x = self.stem(image)
        b = F.relu(x)
        x = self.block_0(b)
        x = x + b
        x = F.adaptive_avg_pool2d(x, 1)
        out = x.flatten(1)
        early = F.adaptive_max_pool2d(b, 1)
        return [early, out]
`);
  expect(python.weights.map(({ key }) => key)).toEqual([
    "stem.weight",
    "stem.bias",
    "block_0.weight",
    "block_0.bias",
  ]);
});

test("lines say where in the source each tensor is made", async () => {
  const { python } = await writeSmall(residual);
  const source = python.source.split("\n");
  expect(
    python.lines.map(({ line, variable, tensor }) => [
      source[line - 1].trim().split(" = ")[0],
      variable,
      tensor,
    ]),
  ).toEqual([
    ["x", "x", "a"],
    ["b", "b", "b"],
    ["x", "x", "c"],
    ["x", "x", "f"],
    ["x", "x", "g"],
    ["out", "out", "h"],
    ["early", "early", "early"],
  ]);
});

test("weights that two layers share are one in PyTorch, too", async () => {
  const shared: SmallGraph = {
    nodes: [
      conv("a", "image", "one"),
      { ...conv("a", "one", "two"), input: ["one", "a.weight", "b.bias"], name: "second/Conv" },
      conv("a", "two", "out"),
    ],
    constants: [...weightsOf("a"), noiseTensor("b.bias", [4], 9)],
  };
  const { python } = await writeSmall(shared);
  expect(layerLines(python)).toEqual([
    "self.a = nn.Conv2d(4, 4, 3, padding=1)",
    "self.a_2 = nn.Conv2d(4, 4, 3, padding=1)",
    "self.a_2.weight = self.a.weight",
  ]);
  expect(forwardLines(python)).toEqual(["x = self.a(image)", "x = self.a_2(x)", "out = self.a(x)"]);
  expect(
    python.weights.filter(({ sharedWith }) => sharedWith).map(({ key, sharedWith }) => [key, sharedWith]),
  ).toEqual([["a_2.weight", "a.weight"]]);
});

test("what other operators make of constants is used and doesn't learn; what they hand on does", async () => {
  const { python } = await writeSmall({
    nodes: [
      node("Unsqueeze", ["scale", "axes"], ["column"]),
      node("Exp", ["log"], ["made"]),
      conv("a", "image", "one"),
      node("Mul", ["one", "column"], ["two"]),
      node("Mul", ["two", "made"], ["out"]),
    ],
    constants: [
      ...weightsOf("a"),
      noiseTensor("scale", [4]),
      intTensor("axes", [1, 2]),
      noiseTensor("log", [6]),
    ],
  });
  expect(layerLines(python).slice(1)).toEqual([
    "self.scale = nn.Parameter(torch.empty((4, 1, 1)))",
    'self.register_buffer("made", torch.empty((6,)))',
  ]);
  expect(python.weights.map(({ key, isFixed }) => [key, isFixed])).toEqual([
    ["a.weight", false],
    ["a.bias", false],
    ["scale", false],
    ["made", true],
  ]);
});

test("constants of nodes without names are told apart", async () => {
  const { python } = await writeSmall({
    nodes: [
      node("Constant", [], ["k1"], { value: floatTensor("", [1, 2, 3, 4], [4, 1, 1]) }),
      node("Constant", [], ["k2"], { value: floatTensor("", [5, 6, 7, 8], [4, 1, 1]) }),
      node("Add", ["image", "k1"], ["a"]),
      node("Add", ["a", "k2"], ["out"]),
    ],
  });
  expect(forwardLines(python)).toEqual(["x = image + self.k1", "out = x + self.k2"]);
});

const hostile = [
  '"""',
  "\nimport os",
  "'); os.system('x",
  "\\",
  "a\rb",
  "\u2028",
  "\ud800",
  "#",
  "class",
  "forward",
  "日本",
  "n".repeat(500),
];

test("no name breaks out of the source", async () => {
  const random = seededRandom(23);
  const pick = () =>
    Array.from(
      { length: 1 + Math.floor(random() * 3) },
      () => hostile[Math.floor(random() * hostile.length)],
    ).join("");
  for (let round = 0; round < 50; round++) {
    const [weight, first, last, title] = [`${pick()}.weight`, `1${pick()}`, `2${pick()}`, pick()];
    const nodes = [
      { ...node("Conv", ["image", weight], [first], { pads: [1, 1, 1, 1] }), name: pick() },
      { ...node("Relu", [first], [last]), name: pick() },
    ];
    const proto = smallModel({ nodes, constants: [noiseTensor(weight, [4, 4, 3, 3])], outputs: [last] });
    const { source } = writeNetwork({
      proto,
      opset: 17,
      computed: new Map(),
      seen: new Map(),
      outputs: [{ tensor: last, name: pick() }],
      title,
    });
    const [docstring, ...code] = source.split("\n");
    expect(docstring).toMatch(/^"""[^"\\]*"""$/);
    expect(code.join("\n").replace(/[A-Za-z0-9_]{1,70}/g, "n")).toBe(code.join("\n").replace(/\w+/g, "n"));
    expect(code.slice(8)).toEqual([
      expect.stringMatching(/^ {8}self\.\w+ = nn\.Conv2d\(4, 4, 3, padding=1, bias=False\)$/),
      "",
      "    def forward(self, image):",
      '        """From images to the logits of each output [N, classes], in order."""',
      expect.stringMatching(/^ {8}x = self\.\w+\(image\)$/),
      expect.stringMatching(/^ {8}\w+ = F\.relu\(x\)$/),
      expect.stringMatching(/^ {8}return \[\w+\]$/),
      "",
    ]);
  }
});

const refused: readonly [what: string, graph: SmallGraph, why: RegExp][] = [
  [
    "an operator that PyTorch lacks",
    { nodes: [node("Hardmax", ["image"], ["out"])] },
    /^Hardmax Hardmax\/out can't be trained in PyTorch: Offramp knows no layer of PyTorch that computes the same; export/,
  ],
  [
    "quantised numbers",
    {
      nodes: [
        node("QuantizeLinear", ["image", "scale", "zero"], ["q"]),
        node("DequantizeLinear", ["q", "scale", "zero"], ["out"]),
      ],
      constants: [
        floatTensor("scale", [0.1], []),
        { ...intTensor("zero", [0], []), dataType: 2, rawData: Uint8Array.of(0) },
      ],
    },
    /^QuantizeLinear QuantizeLinear\/q can't be trained in PyTorch: it is one of a quantised network/,
  ],
  [
    "weights that the image makes",
    {
      nodes: [
        node("ReduceMean", ["image"], ["mean"], { axes: [0] }),
        node("Reshape", ["mean", "shape"], ["kernel"]),
        node("Conv", ["image", "kernel"], ["out"]),
      ],
      constants: [intTensor("shape", [1, 4, 6, 6])],
    },
    /^Conv Conv\/out can't be trained in PyTorch: its weights are computed by the network, not stored/,
  ],
  [
    "weights that an operator makes",
    {
      nodes: [node("Exp", ["log"], ["kernel"]), node("Conv", ["image", "kernel"], ["out"])],
      constants: [noiseTensor("log", [4, 4, 1, 1])],
    },
    /^Conv Conv\/out can't be trained in PyTorch: its weights are computed by Exp Exp\/kernel, not stored/,
  ],
  [
    "the same weights in two forms",
    {
      nodes: [node("Gemm", ["image", "w"], ["a"]), node("Gemm", ["a", "w"], ["out"], { transB: 1 })],
      shape: [1, 4],
      constants: [noiseTensor("w", [4, 4])],
    },
    /^Gemm Gemm\/out can't be trained in PyTorch: it shares its weights with a.weight, which has them in another form/,
  ],
  [
    "places of a pooling that are read",
    {
      nodes: [
        node("MaxPool", ["image"], ["a", "at"], { kernel_shape: [2, 2] }),
        node("Cast", ["at"], ["out"], { to: 1 }),
      ],
    },
    /^MaxPool MaxPool\/a can't be trained in PyTorch: its further result at has no counterpart there/,
  ],
  [
    "batch statistics",
    {
      nodes: [
        node("BatchNormalization", ["image", "k", "k", "k", "k"], ["out", "", ""], { training_mode: 1 }),
      ],
      constants: [floatTensor("k", [1, 1, 1, 1])],
    },
    /it takes other statistics than one mean and one variance of each channel/,
  ],
];

test.each(refused)("%s is refused, with the node and why", async (_, small, why) => {
  const stored = await storeConstants(smallModel(small));
  const outputs = [{ tensor: "out", name: "out" }];
  const seen = new Map([
    ["image", { shape: small.shape ?? [1, 4, 6, 6], type: "float32" }],
    ["at", { shape: [1, 4, 5, 5], type: "int64" }],
  ]);
  const write = () => writeNetwork({ ...stored, opset: 17, seen, outputs, title: "" });
  expect(write).toThrow(why);
  expect(write).toThrow(AppError);
});

test("a source that nobody reads isn't written", () => {
  const nodes = Array.from({ length: 20_002 }, (_, at) =>
    node("Relu", [at === 0 ? "image" : `r${at - 1}`], [`r${at}`]),
  );
  const proto = smallModel({ nodes, outputs: ["r20001"] });
  const write = () =>
    writeNetwork({
      proto,
      opset: 17,
      computed: new Map(),
      seen: new Map(),
      outputs: [{ tensor: "r20001", name: "out" }],
      title: "",
    });
  expect(write).toThrow(/one of 20002 operators, expected at most 20000/);
});

test("what is shared, handed on or named by strangers computes the same in PyTorch", async (context) => {
  context.skip(torchPython === undefined, noTorch);
  const named: SmallGraph = {
    nodes: [
      { ...conv("a", "image", "1\n"), name: 'quote"""' },
      { ...node("Relu", ["1\n"], ["class"]), name: "def" },
      node("Transpose", ["class"], ["import os"], { perm: [0, 2, 3, 1] }),
      node("MatMul", ["import os", "turned"], ["out"]),
      node("Transpose", ["w"], ["turned"]),
    ].sort((one, other) => Number(other.output[0] === "turned") - Number(one.output[0] === "turned")),
    constants: [...weightsOf("a"), noiseTensor("w", [3, 4])],
  };
  // As TensorFlow's exporter leaves a MobileNet: channels last, borders that differ, clipped.
  const channelsLast: SmallGraph = {
    nodes: [
      node("Transpose", ["image"], ["planes"], { perm: [0, 3, 1, 2] }),
      node("Pad", ["planes", "borders"], ["wide"]),
      node("Conv", ["wide", "stem/kernel:0"], ["c"], { strides: [2, 2] }),
      node("Clip", ["c", "least", "most"], ["r"]),
      node("Conv", ["r", "depthwise/kernel:0"], ["d"], { group: 4, auto_pad: "SAME_UPPER" }),
      node("Min", ["d", "most"], ["m"]),
      node("Max", ["m", "least"], ["n"]),
      node("Transpose", ["n"], ["back"], { perm: [0, 2, 3, 1] }),
      node("ReduceMean", ["back"], ["mean"], { axes: [1, 2], keepdims: 0 }),
      node("MatMul", ["mean", "dense/kernel:0"], ["product"]),
      node("Add", ["product", "dense/bias:0"], ["out"]),
    ],
    constants: [
      intTensor("borders", [0, 0, 0, 0, 0, 0, 1, 1]),
      noiseTensor("stem/kernel:0", [4, 3, 3, 3]),
      floatTensor("least", [0], []),
      floatTensor("most", [6], []),
      noiseTensor("depthwise/kernel:0", [4, 1, 3, 3], 6),
      noiseTensor("dense/kernel:0", [4, 5], 7),
      noiseTensor("dense/bias:0", [5], 8),
    ],
    shape: [1, 8, 8, 3],
  };
  expect(forwardLines((await writeSmall(channelsLast)).python)).toEqual([
    "x = image.permute(0, 3, 1, 2)",
    "x = F.pad(x, (0, 1, 0, 1))",
    "x = self.stem(x)",
    "x = F.relu6(x)",
    "x = self.depthwise(x)",
    "x = x.clamp(max=6)",
    "x = x.clamp(min=0)",
    "x = x.permute(0, 2, 3, 1)",
    "x = x.mean(dim=(1, 2))",
    "out = self.dense(x)",
  ]);
  const networks = new Map([
    ["channels-last", await comparedSmall(channelsLast)],
    ["residual", await comparedSmall(residual)],
    ["named", await comparedSmall(named)],
  ]);
  const off = await compareInPytorch(networks);
  expect(
    Object.values(off).every((found) => Number(found) < 1e-5),
    JSON.stringify(off),
  ).toBe(true);
});
