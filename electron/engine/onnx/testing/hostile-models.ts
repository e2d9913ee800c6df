import { graph, model, node, value } from "../graph-builder.ts";
import type { GraphModel } from "../graph-model.ts";
import { intTensor } from "../tensors.ts";

/** Models that harm whoever runs them, on images of 8x8. */

const image = value("image", "float32", [1, 3, 8, 8]);

/** A file of some hundred bytes that asks for so many zeros. */
export function hungry(elements: number): GraphModel {
  const nodes = [
    node("ConstantOfShape", ["shape"], ["zeros"]),
    node("ReduceSum", ["zeros"], ["zero"]),
    node("GlobalAveragePool", ["image"], ["pooled"]),
    node("Flatten", ["pooled"], ["flat"]),
    node("Add", ["flat", "zero"], ["scores"]),
  ];
  const initializers = [intTensor("shape", [1, elements])];
  return model(graph("hungry", { nodes, initializers }, [image], [value("scores", "float32")]));
}

/** Class scores, and outputs of so many numbers beside them, each of a few bytes in the file. */
export function manyOutputs(count: number, elements: number): GraphModel {
  const wide = Array.from({ length: count }, (_, k) => `wide ${k}`);
  const nodes = [
    node("GlobalAveragePool", ["image"], ["pooled"]),
    node("Flatten", ["pooled"], ["scores"]),
    ...wide.flatMap((name) => [
      node("ConstantOfShape", ["shape"], [`${name}/zeros`]),
      node("Identity", [`${name}/zeros`], [name]),
    ]),
  ];
  const initializers = [intTensor("shape", [elements])];
  const outputs = ["scores", ...wide].map((name) => value(name, "float32"));
  return model(graph("many outputs", { nodes, initializers }, [image], outputs));
}

/** Passes scores through so many tensors of a high rank. */
export function deepRank(rank: number, count: number): GraphModel {
  const deep = Array.from({ length: count }, (_, k) => `deep ${k}`);
  const nodes = [
    node("GlobalAveragePool", ["image"], ["pooled"]),
    ...deep.map((name, k) => node("Reshape", [k === 0 ? "pooled" : deep[k - 1], "high"], [name])),
    node("Reshape", [deep[count - 1], "low"], ["scores"]),
  ];
  const high = Array.from({ length: rank }, (_, axis) => (axis === 0 ? 3 : 1));
  const initializers = [intTensor("high", high), intTensor("low", [1, 3])];
  return model(graph("deep", { nodes, initializers }, [image], [value("scores", "float32")]));
}

/** Doubles a number for ever. */
export function endless(): GraphModel {
  const body = graph(
    "body",
    { nodes: [node("Identity", ["go"], ["goOn"]), node("Add", ["x", "x"], ["y"])], initializers: [] },
    [value("i", "int64", []), value("go", "bool", []), value("x", "float32", [1, 3])],
    [value("goOn", "bool", []), value("y", "float32", [1, 3])],
  );
  const nodes = [
    node("GlobalAveragePool", ["image"], ["pooled"]),
    node("Flatten", ["pooled"], ["flat"]),
    node("Equal", ["one", "one"], ["yes"]),
    node("Loop", ["", "yes", "flat"], ["scores"], { body }),
  ];
  const initializers = [intTensor("one", [1], [])];
  return model(graph("endless", { nodes, initializers }, [image], [value("scores", "float32")]));
}
