import { describe, expect, it } from "vitest";
import type { GraphProto } from "./gen/onnx_pb.ts";
import { type Fragment, graph, node, value } from "./graph-builder.ts";
import { intTensor } from "./tensors.ts";
import { valueDependence } from "./value-dependence.ts";

function following(fragment: Fragment, result: string, more: GraphProto["input"] = []): GraphProto {
  return graph(
    "test",
    fragment,
    [value("image", "float32", ["N", 3, 8, 8]), ...more],
    [value(result, "float32")],
  );
}

/** A number that the image says, and one that its shape says, beside what a test adds. */
function counted(...more: Fragment["nodes"]): Fragment {
  const nodes = [
    node("ReduceMax", ["image"], ["brightest"], { keepdims: 0 }),
    node("Cast", ["brightest"], ["count"], { to: 7 }),
    node("Greater", ["brightest", "bright"], ["isBright"]),
    node("Shape", ["image"], ["dims"]),
    node("Size", ["image"], ["size"]),
    ...more,
  ];
  return { nodes, initializers: [intTensor("three", [3], [])] };
}

function unbounded(...more: Fragment["nodes"]): string | undefined {
  return valueDependence(following(counted(...more), more.at(-1)!.output[0])).unbounded?.opType;
}

/** Passes `x` round; goes on for as long as `goOn` says. */
function body(...goOn: Fragment["nodes"]): GraphProto {
  const nodes = [node("Relu", ["x"], ["y"]), ...goOn];
  const inputs = [value("i", "int64", []), value("go", "bool", []), value("x", "float32")];
  return graph("body", { nodes, initializers: [] }, inputs, [
    value("goOn", "bool", []),
    value("y", "float32"),
  ]);
}

const asBegun = node("Identity", ["go"], ["goOn"]);

describe("valueDependence", () => {
  it.each([
    ["ConstantOfShape", ["count"]],
    ["Range", ["three", "count", "three"]],
    ["Tile", ["image", "count"]],
    ["Expand", ["image", "count"]],
    ["Resize", ["image", "", "", "count"]],
    ["Pad", ["image", "count"]],
    ["OneHot", ["three", "count", "three"]],
  ])("finds a %s as large as the image says, and none whose size shapes say", (operator, inputs) => {
    expect(unbounded(node(operator, inputs, ["large"]))).toBe(operator);
    const shaped = inputs.map((name) => (name === "count" ? "size" : name));
    expect(unbounded(node(operator, shaped, ["large"]))).toBeUndefined();
  });

  it("finds loops that run as often as the image says, by their count, their start or their body", () => {
    const round = (inputs: string[], ...goOn: Fragment["nodes"]) =>
      unbounded(node("Loop", [...inputs, "image"], ["result"], { body: body(...goOn) }));
    expect(round(["count", ""], asBegun)).toBe("Loop");
    expect(round(["three", "isBright"], asBegun)).toBe("Loop");
    const brighter = [
      node("ReduceMax", ["x"], ["most"], { keepdims: 0 }),
      node("Greater", ["most", "three"], ["goOn"]),
    ];
    expect(round(["", ""], ...brighter)).toBe("Loop");
    expect(round(["", ""], node("Identity", ["isBright"], ["goOn"]))).toBe("Loop");
    expect(round(["three", ""], asBegun)).toBeUndefined();
    expect(round(["size", ""], node("Less", ["i", "three"], ["goOn"]))).toBeUndefined();
  });

  it("finds what lies in a branch or a loop's body, by what is handed in and by what is captured", () => {
    const large = (from: string) =>
      graph(
        "branch",
        { nodes: [node("ConstantOfShape", [from], ["zeros"])], initializers: [] },
        [],
        [value("zeros", "float32")],
      );
    const choose = (from: string) =>
      unbounded(
        node("Equal", ["three", "three"], ["yes"]),
        node("If", ["yes"], ["result"], { then_branch: large(from), else_branch: large("dims") }),
      );
    expect(choose("count")).toBe("ConstantOfShape");
    expect(choose("dims")).toBeUndefined();
    const handed = body(
      asBegun,
      node("Cast", ["x"], ["many"], { to: 7 }),
      node("ConstantOfShape", ["many"], ["z"]),
    );
    expect(unbounded(node("Loop", ["three", "", "image"], ["result"], { body: handed }))).toBe(
      "ConstantOfShape",
    );
  });

  it("knows that the shape of a selection says how much was selected", () => {
    const selected = (operator: string) =>
      unbounded(
        node(operator, ["image"], ["selected"]),
        node("Shape", ["selected"], ["found"]),
        node("ConstantOfShape", ["found"], ["zeros"]),
      );
    expect(selected("NonZero")).toBe("ConstantOfShape");
    expect(selected("Relu")).toBeUndefined();
  });

  it("says whether the image chooses a branch, if only inside another", () => {
    const branch = (...nodes: Fragment["nodes"]) =>
      graph("branch", { nodes, initializers: [] }, [], [value("r", "float32")]);
    const relu = branch(node("Relu", ["image"], ["r"]));
    const choose = (by: string, then: GraphProto) =>
      node("If", [by], ["r"], { then_branch: then, else_branch: relu });
    const chooses = (each: ReturnType<typeof node>) =>
      valueDependence(following(counted(node("Equal", ["three", "size"], ["isThree"]), each), "r"))
        .choosesBranches;
    expect(chooses(choose("isBright", relu))).toBe(true);
    expect(chooses(choose("isThree", relu))).toBe(false);
    expect(chooses(choose("isThree", branch(choose("isBright", relu))))).toBe(true);
  });

  it("takes inputs that can't be images for the switches that they are", () => {
    const fragment = counted(node("ConstantOfShape", ["wanted"], ["large"]));
    const asked = (shape: (number | string)[]) =>
      valueDependence(following(fragment, "large", [value("wanted", "int64", shape)])).unbounded?.opType;
    expect(asked([2])).toBeUndefined();
    expect(asked(["N", 3, 8, 8])).toBe("ConstantOfShape");
  });
});
