import { expect, test } from "vitest";
import { graph, node, value } from "../../graph-builder.ts";
import { indexGraph } from "../../graph-index.ts";
import { subgraphCopies } from "../../subgraph-copies.ts";
import { floatTensor, intTensor } from "../../tensors.ts";
import { nodeCosts, parameterTotals, peakActivationBytes, type TensorTable } from "./costs.ts";

function table(entries: Readonly<Record<string, readonly number[]>>, type = "float32"): TensorTable {
  return new Map(Object.entries(entries).map(([name, dims]) => [name, { type, dims }]));
}

function indexOf(nodes: Parameters<typeof node>[], initializers = [floatTensor("unused", [1])]) {
  const made = nodes.map((each) => node(...each));
  return indexGraph(graph("g", { nodes: made, initializers }, [value("x", "float32")], []));
}

function macsOf(operator: string, shapes: readonly (readonly number[])[], attributes = {}): number {
  const names = shapes.slice(0, -1).map((_, position) => (position === 0 ? "x" : `in${position}`));
  const index = indexOf([[operator, names, ["y"], attributes]]);
  return nodeCosts(index, table(Object.fromEntries([...names, "y"].map((name, at) => [name, shapes[at]]))))[0]
    .macs;
}

/** A 1x1 convolution of 2 to `to` channels as a subgraph that captures x [1, 2, 4, 4]: 32 `to` MACs. */
function inner(to: number, inputs: readonly string[] = []) {
  const weights = floatTensor("w", new Float32Array(2 * to), [to, 2, 1, 1]);
  const nodes = [node("Conv", ["x", "w"], ["inner"])];
  const results = inputs.length > 0 ? ["go", "inner"] : ["inner"];
  return graph(
    "inside",
    { nodes, initializers: [weights] },
    inputs.map((name) => value(name, "float32")),
    results.map((name) => value(name, "float32")),
  );
}

/** Costs of one node with subgraphs, whose tensors have been observed as the probe does it. */
function costOfControl(control: ReturnType<typeof node>, initializers = [floatTensor("unused", [1])]) {
  const index = indexGraph(
    graph("g", { nodes: [control], initializers }, [value("x", "float32"), value("c", "bool")], []),
  );
  const copies = subgraphCopies(control);
  const observed = copies.flatMap((copy): [string, readonly number[]][] => {
    const [weights] = copy.initializers.filter(({ dims }) => dims.length === 4);
    const to = Number(weights.dims[0]);
    return [
      [copy.nodes[0].output[0], [1, to, 4, 4]],
      [weights.name, [to, 2, 1, 1]],
    ];
  });
  const tensors = table(Object.fromEntries([["x", [1, 2, 4, 4]], ["y", [1, 2, 4, 4]], ...observed]));
  const [cost] = nodeCosts(index, tensors);
  return { cost, totals: parameterTotals(index, tensors, [0]) };
}

test("an Einsum costs each combination of its axes once", () => {
  // Queries [2 rows, 5 tokens, 3 heads, 4] with as many keys: 2 * 3 * 5 * 5 products of 4.
  const shapes = [
    [2, 5, 3, 4],
    [2, 5, 3, 4],
    [2, 3, 5, 5],
  ];
  expect(macsOf("Einsum", shapes, { equation: "bthd,bshd->bhts" })).toBe(600);
  const layer = [
    [1, 7, 4],
    [4, 6],
    [1, 7, 6],
  ];
  expect(macsOf("Einsum", layer, { equation: "...d,de->...e" })).toBe(168);
  expect(
    macsOf(
      "Einsum",
      [
        [1, 7, 4],
        [1, 4, 7],
      ],
      { equation: "btd->bdt" },
    ),
  ).toBe(0);
});

test("attention costs a step for each query and key, twice, and ONNX Runtime's the layer before it", () => {
  const tokens = [1, 7, 8];
  // 7 queries x 7 keys x 8 values, for the weights and for their sums.
  expect(macsOf("Attention", [tokens, tokens, tokens, tokens])).toBe(2 * 7 * 7 * 8);
  expect(macsOf("MultiHeadAttention", [tokens, tokens, tokens, tokens])).toBe(784);
  expect(macsOf("Attention", [tokens, [8, 24], [24], tokens])).toBe(7 * 8 * 24 + 784);
});

test("a recurrent layer costs all its weights at each step", () => {
  // 9 steps; 4 gates of 5 units that read 3 inputs and 5 states.
  expect(
    macsOf("LSTM", [
      [9, 1, 3],
      [1, 20, 3],
      [1, 20, 5],
      [9, 1, 1, 5],
    ]),
  ).toBe(9 * 20 * 8);
});

test("an If costs its dearer branch, and holds the weights of both", () => {
  const control = node("If", ["c"], ["y"], { then_branch: inner(3), else_branch: inner(8) });
  const { cost, totals } = costOfControl(control);
  expect(cost).toMatchObject({ macs: 32 * 8, parameters: 6 + 16 });
  expect(totals).toEqual({ parameters: 22, parameterBytes: 88 });
});

test("a Loop costs its body as often as it runs, once where that isn't known", () => {
  const loop = (count: string) =>
    node("Loop", [count, "c", "x"], ["y"], { body: inner(2, ["i", "go", "v"]) });
  expect(costOfControl(loop("five"), [intTensor("five", [5], [])]).cost.macs).toBe(5 * 64);
  expect(costOfControl(loop("")).cost.macs).toBe(64);
  const endless = intTensor("endless", [Number.MAX_SAFE_INTEGER], []);
  expect(costOfControl(loop("endless"), [endless]).cost.macs).toBe(64);
});

test.each([
  [
    "a 7x7 convolution of 3 to 64 channels",
    "Conv",
    [
      [1, 3, 224, 224],
      [64, 3, 7, 7],
      [1, 64, 112, 112],
    ],
    118_013_952,
  ],
  [
    "a depthwise convolution",
    "Conv",
    [
      [1, 32, 10, 10],
      [32, 1, 3, 3],
      [1, 32, 10, 10],
    ],
    28_800,
  ],
  [
    "a fused convolution",
    "FusedConv",
    [
      [1, 2, 4, 4],
      [8, 2, 1, 1],
      [1, 8, 4, 4],
    ],
    256,
  ],
  [
    "an upsampling convolution",
    "ConvTranspose",
    [
      [1, 4, 5, 5],
      [4, 6, 2, 2],
      [1, 6, 10, 10],
    ],
    2_400,
  ],
  [
    "a batch of matrix products",
    "MatMul",
    [
      [2, 3, 4],
      [4, 5],
      [2, 3, 5],
    ],
    120,
  ],
  [
    "an operator without weights",
    "Relu",
    [
      [1, 8],
      [1, 8],
    ],
    0,
  ],
])("%s costs %s %j = %i MACs", (_, operator, shapes, expected) => {
  expect(macsOf(operator, shapes)).toBe(expected);
});

test("a matrix product sums over the axis that transposition leaves", () => {
  expect(
    macsOf("Gemm", [
      [1, 512],
      [512, 10],
      [1, 10],
    ]),
  ).toBe(5120);
  expect(
    macsOf(
      "Gemm",
      [
        [512, 1],
        [512, 10],
        [1, 10],
      ],
      { transA: 1 },
    ),
  ).toBe(5120);
});

test("a quantised convolution finds its weights behind the scales", () => {
  const index = indexOf([["QLinearConv", ["x", "s", "z", "w", "s", "z", "s", "z"], ["y"]]]);
  const shapes = { x: [1, 3, 4, 4], w: [8, 3, 3, 3], y: [1, 8, 4, 4] };
  expect(nodeCosts(index, table(shapes, "uint8"))[0]).toMatchObject({
    macs: 8 * 16 * 27,
    activationBytes: 128,
  });
});

test("weights shared count once, weights computed count as if stored, shapes not at all", () => {
  const nodes: Parameters<typeof node>[] = [
    ["MatMul", ["x", "w"], ["a"]],
    ["MatMul", ["a", "w"], ["b"]],
    ["DequantizeLinear", ["q", "scale"], ["dq"]],
    ["MatMul", ["b", "dq"], ["c"]],
    ["ConstantOfShape", ["shape"], ["filled"]],
    ["MatMul", ["c", "filled"], ["d"]],
    ["Reshape", ["d", "shape"], ["e"]],
  ];
  const q = { ...floatTensor("q", []), dataType: 3, dims: [2n, 2n], rawData: new Uint8Array(4) };
  const index = indexOf(nodes, [floatTensor("w", [1, 2, 3, 4], [2, 2]), q, intTensor("shape", [2, 2])]);
  const square = {
    a: [1, 2],
    b: [1, 2],
    c: [1, 2],
    d: [1, 2],
    e: [2, 1],
    w: [2, 2],
    dq: [2, 2],
    filled: [2, 2],
  };
  const tensors: TensorTable = new Map([
    ...table({ x: [1, 2], ...square }),
    ["shape", { type: "int64", dims: [2] }],
  ]);
  expect(nodeCosts(index, tensors).map(({ parameters }) => parameters)).toEqual([4, 4, 0, 4, 0, 4, 0]);
  expect(parameterTotals(index, tensors, [0, 1, 3, 5, 6])).toEqual({
    parameters: 12,
    parameterBytes: 16 + 4 + 16,
  });
});

test("the peak holds a skipped tensor until the addition that reads it", () => {
  const index = indexOf([
    ["Conv", ["x", "w"], ["a"]], // x 10 + a 20
    ["Conv", ["a", "w"], ["b"]], // a 20 + b 50, a stays
    ["Conv", ["b", "w"], ["c"]], // a 20 + b 50 + c 20: the peak
    ["Add", ["a", "c"], ["d"]], // a 20 + c 20 + d 20
  ]);
  const tensors = table({ x: [10], a: [20], b: [50], c: [20], d: [20] }, "uint8");
  expect(peakActivationBytes(index, tensors, [0, 1, 2, 3], "x", "d")).toBe(90);
});
