import fc from "fast-check";
import { expect, test } from "vitest";
import { extract } from "../../extract.ts";
import { graph, node, value } from "../../graph-builder.ts";
import { indexGraph } from "../../graph-index.ts";
import { floatTensor } from "../../tensors.ts";
import type { NodeCost } from "./costs.ts";
import { findCutPoints, type MeasuredGraph } from "./cut-points.ts";

type Layer = readonly [
  operator: string,
  inputs: string[],
  output: string,
  macs?: number,
  attributes?: Parameters<typeof node>[3],
];

/** A graph of feature maps [1, 1, 2, 2] with costs as given; `shapes` and `types` where they differ. */
function measured(
  layers: readonly Layer[],
  shapes: Readonly<Record<string, readonly number[]>> = {},
  types: Readonly<Record<string, string>> = {},
): MeasuredGraph {
  const nodes = layers.map(([operator, inputs, output, , attributes]) =>
    node(operator, inputs, [output], attributes),
  );
  const initializers = [floatTensor("weights", [1])];
  const index = indexGraph(graph("g", { nodes, initializers }, [value("image", "float32")], []));
  const names = ["image", ...layers.map(([, , output]) => output)];
  const tensors = new Map(
    names.map((name) => [name, { type: types[name] ?? "float32", dims: shapes[name] ?? [1, 1, 2, 2] }]),
  );
  const costs = layers.map(([, , , macs = 0]): NodeCost => ({ macs, parameters: 0, activationBytes: 16 }));
  return { index, tensors, costs, image: "image", imageLayout: "NCHW" };
}

function cutTensors(graph: MeasuredGraph, output: string): string[] {
  return findCutPoints(graph, output, []).cutPoints.map(({ tensor }) => tensor);
}

test("cuts after each run of operators, not before the first or within two of the last weights", () => {
  const plain = measured([
    ["Relu", ["image"], "r0"],
    ["Conv", ["r0"], "c1", 10],
    ["Relu", ["c1"], "r1"],
    ["MaxPool", ["r1"], "p1"],
    ["Conv", ["p1"], "c2", 30],
    ["Relu", ["c2"], "r2"],
    ["Conv", ["r2"], "c3", 40],
    ["GlobalAveragePool", ["c3"], "g"],
    ["Gemm", ["g"], "scores", 20],
  ]);
  const { cutPoints } = findCutPoints(plain, "scores", []);
  expect(cutPoints).toEqual([
    expect.objectContaining({
      index: 0,
      tensor: "p1",
      boundary: "p1",
      node: "MaxPool/p1",
      macs: 10,
      macsShare: 0.1,
    }),
    expect.objectContaining({
      index: 1,
      tensor: "r2",
      shape: [1, 1, 2, 2],
      type: "float32",
      macs: 40,
      macsShare: 0.4,
    }),
  ]);
});

test("a residual block is cut after the addition only, a dense block not at all until its end", () => {
  const residual = measured([
    ["Conv", ["image"], "stem", 10],
    ["Conv", ["stem"], "b", 10],
    ["Add", ["stem", "b"], "sum", 0],
    ["Conv", ["sum"], "c", 10],
    ["Gemm", ["c"], "scores", 10],
  ]);
  expect(cutTensors(residual, "scores")).toEqual(["stem", "sum"]);

  const dense = measured([
    ["Conv", ["image"], "stem", 10],
    ["Conv", ["stem"], "d1", 10],
    ["Concat", ["stem", "d1"], "cat1"],
    ["Conv", ["cat1"], "d2", 10],
    ["Concat", ["stem", "d1", "d2"], "cat2"],
    ["Conv", ["cat2"], "c", 10],
    ["Gemm", ["c"], "scores", 10],
  ]);
  expect(cutTensors(dense, "scores")).toEqual(["stem", "cat2"]);
});

test("of places less than 1 % of the MACs apart the later is kept", () => {
  const separable = measured([
    ["Conv", ["image"], "stem", 200],
    ["Conv", ["stem"], "depthwise", 500],
    ["Conv", ["depthwise"], "pointwise", 9],
    ["Conv", ["pointwise"], "c", 280],
    ["Gemm", ["c"], "scores", 11],
  ]);
  expect(cutTensors(separable, "scores")).toEqual(["stem", "pointwise"]);
});

test("a place needs features: float, three dimensions, batch 1, more than a point", () => {
  const layers: Layer[] = ["a", "b", "c", "d", "e", "f"].map((name, at) => [
    "Conv",
    [at === 0 ? "image" : "abcdef"[at - 1]],
    name,
    10,
  ]);
  const shapes = { a: [1, 2, 1, 1], b: [1, 8], c: [2, 1, 2, 2] };
  expect(cutTensors(measured(layers, shapes, { d: "int8" }), "f")).toEqual([]);
  expect(cutTensors(measured(layers, shapes, { d: "float16" }), "f")).toEqual(["d"]);

  const turned = measured(
    [
      ["Conv", ["image"], "c1", 10],
      ["Transpose", ["c1"], "last", 0, { perm: [0, 2, 3, 1] }],
      ["LayerNormalization", ["last"], "norm"],
      ["MatMul", ["norm"], "m", 10],
      ["Transpose", ["m"], "first", 0, { perm: [0, 3, 1, 2] }],
      ["Conv", ["first"], "c2", 10],
      ["Gemm", ["c2"], "scores", 10],
    ],
    { last: [1, 2, 2, 1], norm: [1, 2, 2, 1], m: [1, 2, 2, 1] },
  );
  expect(cutTensors(turned, "scores")).toEqual(["norm", "first"]);
});

test("a quantised tensor is the boundary of what it is dequantised to, even with several readers", () => {
  const quantised: Layer[] = [
    ["Conv", ["image"], "c1", 10],
    ["Relu", ["c1"], "r1"],
    ["QuantizeLinear", ["r1"], "q1"],
    ["DequantizeLinear", ["q1"], "dq1"],
    ["DequantizeLinear", ["q1"], "skip"],
    ["Conv", ["dq1"], "c2", 10],
    ["Add", ["c2", "skip"], "sum"],
    ["QuantizeLinear", ["sum"], "q2"],
    ["DequantizeLinear", ["q2"], "dq2"],
    ["Conv", ["dq2"], "c3", 10],
    ["Gemm", ["c3"], "scores", 10],
  ];
  const types = { q1: "uint8", q2: "uint8" };
  const { cutPoints } = findCutPoints(measured(quantised, {}, types), "scores", []);
  expect(
    cutPoints.map(({ tensor, boundary, activationBytes }) => [tensor, boundary, activationBytes]),
  ).toEqual([
    ["dq1", "q1", 4],
    ["dq2", "q2", 4],
  ]);
});

test("an extra output is an exit at the deepest map it depends on, which is then kept", () => {
  const layers: Layer[] = [
    ["Conv", ["image"], "c1", 10],
    ["Conv", ["c1"], "c2", 100],
    ["Relu", ["c2"], "r2"],
    ["MaxPool", ["r2"], "p2"],
    ["Gemm", ["r2"], "exit", 1],
    ["Conv", ["p2"], "c3", 1],
    ["Conv", ["c3"], "c4", 100],
    ["Gemm", ["c4"], "scores", 10],
  ];
  expect(cutTensors(measured(layers), "scores")).toEqual(["c1", "c3"]);
  const { cutPoints, readyExits } = findCutPoints(measured(layers), "scores", ["exit"]);
  expect(cutPoints.map(({ tensor }) => tensor)).toEqual(["c1", "r2", "c3"]);
  expect(readyExits).toEqual([{ output: "exit", cutPoint: "r2", macs: 1 }]);
});

test("a residual branch on each position alone ends no block of its own, unless an exit stands before it", () => {
  const tokens: Layer[] = [
    ["Conv", ["image"], "c1", 10],
    ["Reshape", ["c1"], "r"],
    ["Transpose", ["r"], "t", 0, { perm: [0, 2, 1] }],
    ["MatMul", ["t", "t"], "attention", 10],
    ["Add", ["t", "attention"], "half"],
    ["MatMul", ["half", "weights"], "mlp", 10],
    ["Add", ["half", "mlp"], "whole"],
    ["Gemm", ["half"], "exit", 1],
    ["MatMul", ["whole", "whole"], "attention2", 10],
    ["Gemm", ["attention2"], "scores", 10],
  ];
  const names = ["t", "attention", "half", "mlp", "whole", "attention2"];
  const shapes = {
    c1: [1, 4, 2, 2],
    r: [1, 4, 4],
    ...Object.fromEntries(names.map((name) => [name, [1, 4, 4]])),
  };
  const graph = measured(tokens, shapes);
  expect(cutTensors(graph, "scores")).toEqual(["t", "whole"]);
  const { cutPoints, readyExits } = findCutPoints(graph, "scores", ["exit"]);
  expect(cutPoints.map(({ tensor }) => tensor)).toEqual(["t", "half", "whole"]);
  expect(readyExits).toEqual([{ output: "exit", cutPoint: "half", macs: 1 }]);
});

test("an exit on the image itself stands nowhere", () => {
  const layers: Layer[] = [
    ["Conv", ["image"], "c1", 10],
    ["Conv", ["c1"], "c2", 10],
    ["Gemm", ["c2"], "scores", 10],
    ["Gemm", ["image"], "exit", 1],
  ];
  const { cutPoints, readyExits, unplaced } = findCutPoints(measured(layers), "scores", ["exit"]);
  expect(cutPoints.map(({ tensor }) => tensor)).toEqual(["c1"]);
  expect(readyExits).toEqual([]);
  expect(unplaced).toEqual(["exit"]);
});

test("an exit that reads two places stands at the first, and says what of the backbone it computes again", () => {
  const layers: Layer[] = [
    ["Conv", ["image"], "c1", 10],
    ["Conv", ["c1"], "c2", 100],
    ["Conv", ["c2"], "c3", 50],
    ["Conv", ["c1"], "small", 7],
    ["Concat", ["small", "c2"], "both"],
    ["Gemm", ["both"], "exit", 1],
    ["Gemm", ["c3"], "scores", 10],
  ];
  const { readyExits } = findCutPoints(measured(layers), "scores", ["exit"]);
  // Its own branch is c2, small and the Gemm, of which the backbone computes c2 as well.
  expect(readyExits).toEqual([{ output: "exit", cutPoint: "c1", macs: 108, repeatedMacs: 100 }]);
});

/** A random graph: each node reads one or two tensors made before it. */
const randomLayers = fc
  .array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { minLength: 3, maxLength: 20 })
  .map((nodes) =>
    nodes.map(([first, second, two], at): Layer => {
      const name = (choice: number) =>
        at === 0 || choice % 4 === 3 ? "image" : `t${Math.max(0, at - 1 - (choice % 4))}`;
      return ["Conv", two ? [name(first), name(second)] : [name(first)], `t${at}`, 1];
    }),
  );

/** Whether the output can still be reached from the image when a tensor may not be crossed. */
function reachableWithout(layers: readonly Layer[], blocked: string, output: string): boolean {
  const reached = new Set(["image"]);
  for (const [, inputs, name] of layers)
    if (name !== blocked && inputs.some((input) => reached.has(input))) reached.add(name);
  return reached.has(output);
}

test("on random graphs the cuts are the tensors whose removal parts image and output, and each one extracts", () => {
  fc.assert(
    fc.property(randomLayers, (layers) => {
      const output = layers.at(-1)![2];
      const graph = measured(layers);
      const parting = layers
        .map(([, , name]) => name)
        .filter((name) => !reachableWithout(layers, name, output));
      // Weighted nodes after a cut are its descendants on the way to the output: at least two.
      const expected = parting.filter((name) => extract(graph.index, [name], [output]).nodes.length >= 2);
      expect(cutTensors(graph, output)).toEqual(expected);
    }),
    { numRuns: 300, seed: 1 },
  );
});
