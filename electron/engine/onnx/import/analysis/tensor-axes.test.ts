import { describe, expect, it } from "vitest";
import { graph, node, value } from "../../graph-builder.ts";
import { indexGraph } from "../../graph-index.ts";
import { layoutOf, tensorAxes } from "./tensor-axes.ts";

type Step = readonly [operator: string, dims: readonly number[], attributes?: Parameters<typeof node>[3]];

/** Operators one after the other, each with one live operand and a constant; the layout of the last result. */
function layoutAfter(steps: readonly Step[], image = [1, 3, 8, 8]) {
  const constant = node("Constant", [], ["constant"]);
  const nodes = steps.map(([operator, , attributes], at) =>
    node(operator, [at === 0 ? "image" : `t${at - 1}`, "constant"], [`t${at}`], attributes),
  );
  const index = indexGraph(
    graph("g", { nodes: [constant, ...nodes], initializers: [] }, [value("image", "float32")], []),
  );
  const tensors = new Map([
    ["image", { type: "float32", dims: image }],
    ["constant", { type: "float32", dims: [1, 1] }],
    ...steps.map(([, dims], at) => [`t${at}`, { type: "float32", dims: [...dims] }] as const),
  ]);
  const imageLayout = image[1] === 3 ? "NCHW" : "NHWC";
  return layoutOf(tensorAxes({ index, tensors, image: "image", imageLayout }).get(`t${steps.length - 1}`));
}

const conv: Step = ["Conv", [1, 6, 4, 8]];
const whole = (layout: string) => ({ layout, isWhole: true });
const torn = (layout: string) => ({ layout, isWhole: false });
const grid = (first: number) => ({ height: 4, width: 8, first });

describe("channels", () => {
  it.each<[string, Step[], object | undefined]>([
    ["are second behind a convolution", [conv], whole("channels-first")],
    [
      "go where Transpose puts them",
      [conv, ["Transpose", [1, 4, 8, 6], { perm: [0, 2, 3, 1] }]],
      whole("channels-last"),
    ],
    [
      "are what an equation with weights makes, and go where it says",
      [conv, ["Einsum", [1, 4, 8, 5], { equation: "nchw,ck->nhwk" }]],
      whole("channels-last"),
    ],
    [
      "stay where an equation mixes positions",
      [conv, ["Reshape", [1, 6, 32]], ["Einsum", [1, 6, 9], { equation: "...cp,pq->...cq" }]],
      torn("channels-first"),
    ],
    ["are no place between", [conv, ["Transpose", [1, 4, 6, 8], { perm: [0, 2, 1, 3] }]], undefined],
    ["stay through normalisation", [conv, ["InstanceNormalization", [1, 6, 4, 8]]], whole("channels-first")],
    [
      "come back from groups",
      [conv, ["Reshape", [1, 2, 96]], ["InstanceNormalization", [1, 2, 96]], ["Reshape", [1, 6, 4, 8]]],
      whole("channels-first"),
    ],
    [
      "come back from a shuffle",
      [
        conv,
        ["Reshape", [1, 2, 3, 4, 8]],
        ["Transpose", [1, 3, 2, 4, 8], { perm: [0, 2, 1, 3, 4] }],
        ["Reshape", [1, 6, 4, 8]],
      ],
      whole("channels-first"),
    ],
    [
      "are what space is folded into",
      [
        conv,
        ["Reshape", [1, 6, 2, 2, 4, 2]],
        ["Transpose", [1, 2, 4, 2, 2, 6], { perm: [0, 2, 4, 3, 5, 1] }],
        ["Reshape", [1, 2, 4, 24]],
      ],
      whole("channels-last"),
    ],
    ["aren't known behind a Reshape that parts them unevenly", [conv, ["Reshape", [1, 8, 24]]], undefined],
    ["aren't known of what no rule tells", [["Unheard", [1, 6, 4]]], undefined],
    [
      "are made by a product with constant weights",
      [
        ["Reshape", [1, 16, 12]],
        ["MatMul", [1, 16, 5]],
      ],
      torn("channels-last"),
    ],
    [
      "stay where they are while a product mixes positions",
      [conv, ["Reshape", [1, 6, 32]], ["MatMul", [1, 6, 20]]],
      torn("channels-first"),
    ],
    ["are one axis, not several", [conv, ["Reshape", [1, 2, 3, 32]]], undefined],
  ])("%s", (_, steps, expected) => {
    const layout = layoutAfter(steps);
    expect(layout && { layout: layout.layout, isWhole: layout.isWhole }).toEqual(expected);
  });

  it("of an image come last if it says so", () => {
    expect(layoutAfter([["Relu", [1, 8, 8, 3]]], [1, 8, 8, 3])).toEqual(whole("channels-last"));
  });
});

describe("patches", () => {
  const rows: Step[] = [conv, ["Reshape", [1, 6, 32]], ["Transpose", [1, 32, 6], { perm: [0, 2, 1] }]];

  it("are the merged rows and columns of a map", () => {
    expect(layoutAfter(rows)).toEqual({ ...whole("channels-last"), patches: grid(0) });
    expect(layoutAfter(rows.slice(0, 2))).toEqual({ ...whole("channels-first"), patches: grid(0) });
  });

  it("keep their place beside other tokens, through what follows", () => {
    const joined: Step[] = [...rows, ["Concat", [1, 33, 6], { axis: 1 }]];
    expect(layoutAfter(joined)).toEqual({ ...whole("channels-last"), patches: grid(0) });
    expect(layoutAfter([...joined, ["LayerNormalization", [1, 33, 6]], ["MatMul", [1, 33, 9]]])).toEqual({
      ...whole("channels-last"),
      patches: grid(0),
    });
  });

  it("have no order left once tokens are dropped", () => {
    const dropped: Step[] = [...rows, ["Slice", [1, 30, 6]]];
    expect(layoutAfter(dropped)).toEqual(torn("channels-last"));
  });

  it("of windows are none", () => {
    const windows: Step[] = [
      conv,
      ["Reshape", [1, 6, 2, 2, 2, 4]],
      ["Transpose", [1, 2, 2, 2, 4, 6], { perm: [0, 2, 4, 3, 5, 1] }],
    ];
    expect(layoutAfter([...windows, ["Reshape", [1, 4, 8, 6]]])).toEqual(torn("channels-last"));
    expect(layoutAfter([...windows, ["Reshape", [1, 32, 6]]])).toEqual(torn("channels-last"));
    const back: Step[] = [
      ["Transpose", [1, 2, 2, 2, 4, 6], { perm: [0, 1, 3, 2, 4, 5] }],
      ["Reshape", [1, 4, 8, 6]],
    ];
    expect(layoutAfter([...windows, ...back])).toEqual(whole("channels-last"));
  });
});
