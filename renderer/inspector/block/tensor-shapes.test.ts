import { expect, it } from "vitest";
import type { BackboneSummary, GraphNode } from "../../../shared/model/backbone.ts";
import { bordersOf, describeOperators, describeTensor, tensorsOf } from "./tensor-shapes.ts";

function node(name: string, operator: string, inputs: string[], output: string): GraphNode {
  const outputs = [{ name: output, shape: [1, 4], type: "float32" }];
  return { name, operator, inputs, outputs, macs: 0, parameters: 0, activationBytes: 16, attributes: {} };
}

const nodes = [
  node("conv", "Conv", ["image"], "a"),
  node("relu", "Relu", ["a"], "b"),
  node("add", "Add", ["b", "a"], "c"),
  node("fc", "Gemm", ["c"], "scores"),
];
const backbone = {
  input: { name: "image", type: "float32", layout: "NHWC", channels: 3, height: 8, width: 9 },
  output: { name: "scores" },
  nodes,
} as unknown as BackboneSummary;

it("knows the shapes of what operators make and of the model's input", () => {
  const tensors = tensorsOf(backbone);
  expect(describeTensor(tensors.get("image")!)).toBe("1 × 8 × 9 × 3 float32");
  expect(describeTensor(tensors.get("c")!)).toBe("1 × 4 float32");
  expect(describeTensor({ shape: [], type: "int64" })).toBe("scalar int64");
});

it("finds what crosses a group's border", () => {
  expect(bordersOf(nodes.slice(0, 2), backbone)).toEqual({ inputs: ["image"], outputs: ["a", "b"] });
  expect(bordersOf(nodes.slice(2), backbone)).toEqual({ inputs: ["b", "a"], outputs: ["scores"] });
});

it("counts operators", () => {
  expect(describeOperators([nodes[1], nodes[0], nodes[0]])).toBe("Conv ×2, Relu");
});
