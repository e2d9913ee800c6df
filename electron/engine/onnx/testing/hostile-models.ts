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
