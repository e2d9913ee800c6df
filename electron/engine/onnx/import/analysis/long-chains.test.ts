import { describe, expect, test } from "vitest";
import { graph, node, value } from "../../graph-builder.ts";
import { type GraphIndex, indexGraph } from "../../graph-index.ts";
import { floatTensor } from "../../tensors.ts";
import { dequantiseMaps } from "../rewrite/quantised-maps.ts";
import { logitsBehind } from "./class-scores.ts";
import { nodeCosts, parameterTotals } from "./costs.ts";
import { einsumLabels } from "./einsum.ts";
import { isReshaped } from "./image-input.ts";
import { tensorAxes } from "./tensor-axes.ts";

/** No network passes a tensor on fifty thousand times, but a file may; nothing may follow that by calling itself. */
const length = 50_000;

/** from -> operator -> t0 -> operator -> t1 ... */
function chain(operator: string, from: string) {
  return Array.from({ length }, (_, at) => node(operator, [at === 0 ? from : `t${at - 1}`], [`t${at}`]));
}

function indexOf(nodes: ReturnType<typeof node>[]): GraphIndex {
  const initializers = [floatTensor("w", [1, 2, 3]), floatTensor("s", [0.5])];
  return indexGraph(graph("g", { nodes, initializers }, [value("image", "float32", [1, 3])], []));
}

describe("chains of operators that pass on what they read", () => {
  test("behind scores tell nothing of them", () => {
    const index = indexOf([node("Softmax", ["image"], ["p"]), ...chain("Identity", "p")]);
    const tensors = new Map([["image", { type: "float32", dims: [1, 3] }]]);
    expect(logitsBehind(index, tensors, `t${length - 1}`, 3, 13)).toBeUndefined();
    expect(logitsBehind(index, tensors, "t50", 3, 13)).toBe("image");
  });

  test("in front of a weight end at a constant of its own size", () => {
    const last = `t${length - 1}`;
    const index = indexOf([...chain("Cast", "w"), node("Mul", ["image", last], ["y"])]);
    const tensors = new Map([last, "y"].map((name) => [name, { type: "float32", dims: [3] }]));
    expect(nodeCosts(index, tensors)[length].parameters).toBe(3);
    expect(parameterTotals(index, tensors, [length]).parameters).toBe(3);
  });

  test("of integers stand for what the first of them does", () => {
    const nodes = [node("QuantizeLinear", ["image", "s"], ["q"]), ...chain("Identity", "q")];
    const tensors = new Map([[`t${length - 1}`, { type: "uint8", dims: [1, 2, 2] }]]);
    const proto = graph(
      "g",
      { nodes, initializers: [floatTensor("s", [0.5])] },
      [value("image", "float32")],
      [],
    );
    expect([...dequantiseMaps(proto, tensors).keys()]).toEqual([`t${length - 1}/dequantised`]);
    expect(proto.node.at(-1)?.input).toEqual([`t${length - 1}`, "s"]);
  });

  test("behind an input reshape nothing that comes late", () => {
    const end = node("Reshape", [`t${length - 1}`, "s"], ["r"]);
    expect(isReshaped("image", indexOf([...chain("Relu", "image"), end]))).toBe(false);
    expect(
      isReshaped("image", indexOf([node("Relu", ["image"], ["a"]), node("Reshape", ["a", "s"], ["r"])])),
    ).toBe(true);
  });
});

test("results of as many operands are not compared with each of them", () => {
  const names = Array.from({ length: 200 }, (_, at) => `o${at}`);
  const spread = node("Split", ["image"], names);
  const join = node(
    "Loop",
    names,
    names.map((name) => `${name}/next`),
  );
  const tensors = new Map(
    ["image", ...names, ...names.map((name) => `${name}/next`)].map((name) => [
      name,
      { type: "float32", dims: [1, 3, 4, 4] },
    ]),
  );
  const axes = tensorAxes({ index: indexOf([spread, join]), tensors, image: "image", imageLayout: "NCHW" });
  expect(axes.get("o7")?.map(([part]) => part?.kind)).toEqual([undefined, "channels", "rows", "columns"]);
  expect(axes.get("o7/next")?.map(([part]) => part?.kind)).toEqual([
    undefined,
    "unknown",
    "unknown",
    "unknown",
  ]);
});

test("an equation without an arrow keeps the letters that stand there once, however long it is", () => {
  const equation = `b${"a".repeat(200_000)},c`;
  expect(einsumLabels(node("Einsum", ["x", "y"], ["z"], { equation }), [200_001, 1]).output).toEqual([
    "b",
    "c",
  ]);
});
