import { type Backbone, cutPointByTensor } from "../onnx/backbone.ts";
import { logitsBehind } from "../onnx/class-scores.ts";
import { extract } from "../onnx/extract.ts";
import { graph, model, node, value } from "../onnx/graph-builder.ts";
import { indexGraph } from "../onnx/graph-index.ts";
import { tensorBytes } from "../onnx/tensors.ts";
import { type Head, headTensors } from "./head.ts";

/** The classifiers that a model brought along as extra outputs, as heads; a closing Softmax is left out. */
export function readyHeads(backbone: Backbone): Head[] {
  const { summary, proto } = backbone;
  const index = indexGraph(proto.graph!);
  const macs = new Map(summary.nodes.flatMap(({ outputs, macs }) => outputs.map(({ name }) => [name, macs])));
  const { classes } = summary.output;
  const made = summary.nodes.flatMap(({ outputs }) => outputs);
  const tensors = new Map(made.map(({ name, type, shape }) => [name, { type, dims: shape }]));
  return summary.readyExits.map(({ output, cutPoint }) => {
    const cut = cutPointByTensor(summary, cutPoint);
    const scores = logitsBehind(index, tensors, output, classes, summary.opset) ?? output;
    const piece = extract(index, [cut.tensor], [scores]);
    const nodes = [
      ...piece.nodes,
      node("Cast", [scores], ["offramp/float"], { to: 1 }),
      node("Flatten", ["offramp/float"], [`offramp/${headTensors.logits}`]),
    ];
    const head = graph(
      output,
      { nodes, initializers: piece.initializers },
      [value(cut.tensor, cut.type, ["batch", ...cut.shape.slice(1)])],
      [value(`offramp/${headTensors.logits}`, "float32", ["batch", classes])],
    );
    return {
      cutPoint,
      kind: output,
      model: model(head, proto),
      macs: piece.nodes.reduce((sum, { output: [name] }) => sum + (macs.get(name) ?? 0), 0),
      bytes: piece.initializers.reduce((sum, tensor) => sum + tensorBytes(tensor), 0),
    };
  });
}
