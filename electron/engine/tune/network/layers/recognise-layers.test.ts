import { expect, test } from "vitest";
import type { NodeProto } from "../../../onnx/gen/onnx_pb.ts";
import { node } from "../../../onnx/graph-builder.ts";
import { floatTensor } from "../../../onnx/tensors.ts";
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

const number = (name: string, value: number) => floatTensor(name, [value], []);

/** A layer's operators as exporters write them, from image to out. */
const normalisation = [
  node("ReduceMean", ["image"], ["mean"], { axes: [-1] }),
  node("Sub", ["image", "mean"], ["centred"]),
  node("Pow", ["centred", "two"], ["square"]),
  node("ReduceMean", ["square"], ["variance"], { axes: [-1] }),
  node("Add", ["variance", "epsilon"], ["stable"]),
  node("Sqrt", ["stable"], ["deviation"]),
  node("Div", ["centred", "deviation"], ["normal"]),
  node("Mul", ["normal", "norm.weight"], ["scaled"]),
  node("Add", ["scaled", "norm.bias"], ["out"]),
];
const normConstants = [
  number("two", 2),
  number("epsilon", 1e-6),
  noiseTensor("norm.weight", [6]),
  noiseTensor("norm.bias", [6], 6),
];
const gelu = [
  node("Div", ["image", "root"], ["scaled"]),
  node("Erf", ["scaled"], ["error"]),
  node("Add", ["error", "one"], ["sum"]),
  node("Mul", ["image", "sum"], ["product"]),
  node("Mul", ["product", "half"], ["out"]),
];
const geluConstants = [number("root", Math.SQRT2), number("one", 1), number("half", 0.5)];
const linear = [
  node("MatMul", ["image", "fc.weight"], ["product"]),
  node("Add", ["fc.bias", "product"], ["out"]),
];
const linearConstants = [noiseTensor("fc.weight", [6, 3]), noiseTensor("fc.bias", [3])];

const recognised: Readonly<Record<string, SmallGraph & { line: string; layer?: string }>> = {
  "layer norm": {
    nodes: normalisation,
    constants: normConstants,
    line: "self.norm(image)",
    layer: "self.norm = nn.LayerNorm(6, eps=1e-6)",
  },
  gelu: { nodes: gelu, constants: geluConstants, line: "F.gelu(image)" },
  linear: {
    nodes: linear,
    constants: linearConstants,
    line: "self.fc(image)",
    layer: "self.fc = nn.Linear(6, 3)",
  },
  silu: {
    nodes: [node("Sigmoid", ["image"], ["gate"]), node("Mul", ["image", "gate"], ["out"])],
    line: "F.silu(image)",
  },
  "hard swish": {
    nodes: [
      node("HardSigmoid", ["image"], ["gate"], { alpha: { float: 1 / 6 } }),
      node("Mul", ["gate", "image"], ["out"]),
    ],
    line: "F.hardswish(image)",
  },
};

test.each(Object.entries(recognised))("%s is one line", async (_, { line, layer, ...small }) => {
  const { python } = await writeSmall(small);
  expect(forwardLines(python)).toEqual([`out = ${line}`]);
  if (layer) expect(layerLines(python)).toEqual([layer]);
});

const replaced = (nodes: readonly NodeProto[], at: number, by: NodeProto) =>
  nodes.map((item, place) => (place === at ? by : item));

/** Nearly the same, and another function. */
const others: Readonly<Record<string, SmallGraph>> = {
  "a mean over another axis": {
    nodes: replaced(normalisation, 3, node("ReduceMean", ["square"], ["variance"], { axes: [1] })),
    constants: normConstants,
  },
  "a third power": { nodes: normalisation, constants: [number("two", 3), ...normConstants.slice(1)] },
  "another root": { nodes: gelu, constants: [number("root", 1.5), ...geluConstants.slice(1)] },
  "biases of another size": { nodes: linear, constants: [linearConstants[0], noiseTensor("fc.bias", [1])] },
  "another slope": {
    nodes: [node("HardSigmoid", ["image"], ["gate"]), node("Mul", ["gate", "image"], ["out"])],
  },
  "the gate of something else": {
    nodes: [
      node("Relu", ["image"], ["other"]),
      node("Sigmoid", ["other"], ["gate"]),
      node("Mul", ["image", "gate"], ["out"]),
    ],
  },
};

test.each(Object.entries(others))("%s is written as it is", async (_, small) => {
  const { python } = await writeSmall(small);
  expect(forwardLines(python)).toHaveLength(small.nodes.length);
});

test("what others read on the way stays", async () => {
  const small: SmallGraph = {
    nodes: [
      node("Sigmoid", ["image"], ["gate"]),
      node("Mul", ["image", "gate"], ["gated"]),
      node("Add", ["gated", "gate"], ["out"]),
    ],
  };
  expect(forwardLines((await writeSmall(small)).python)).toEqual([
    "gate = torch.sigmoid(image)",
    "x = image * gate",
    "out = x + gate",
  ]);
  const asOutput = await writeSmall({ ...small, outputs: ["gate", "out"] });
  expect(forwardLines(asOutput.python)).toHaveLength(3);
});

test("a layer computes the same as its operators", async (context) => {
  context.skip(torchPython === undefined, noTorch);
  const all = { ...recognised, ...others };
  const networks = new Map(
    await Promise.all(
      Object.entries(all).map(async ([name, small]) => [name, await comparedSmall(small)] as const),
    ),
  );
  const off = Object.entries(await compareInPytorch(networks)).filter(([, found]) => !(Number(found) < 1e-5));
  expect(off).toEqual([]);
});
