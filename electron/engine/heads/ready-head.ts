import { scoreCount } from "../../../shared/model/backbone.ts";
import { type Backbone, cutPointByTensor } from "../onnx/backbone.ts";
import { joinFragments, logitsNodes } from "../onnx/compose.ts";
import { extract } from "../onnx/extract.ts";
import { graph, model, value } from "../onnx/graph-builder.ts";
import { indexGraph } from "../onnx/graph-index.ts";
import { logitsBehind } from "../onnx/import/analysis/class-scores.ts";
import { tensorBytes } from "../onnx/tensors.ts";
import { type Head, headTensors } from "./head.ts";

/** The classifiers that a model brought along as extra outputs, as heads; a closing Softmax is left out. */
export function readyHeads(backbone: Backbone): Head[] {
  const { summary, proto } = backbone;
  const index = indexGraph(proto.graph);
  const macs = new Map(summary.nodes.map((item) => [item.name, item.macs]));
  const { classes } = summary.output;
  const count = scoreCount(summary.output);
  const made = summary.nodes.flatMap(({ outputs }) => outputs);
  const tensors = new Map(made.map(({ name, type, shape }) => [name, { type, dims: shape }]));
  return summary.readyExits.map(({ output, cutPoint, kind }) => {
    const cut = cutPointByTensor(summary, cutPoint);
    const behind = logitsBehind(index, tensors, output, count, summary.opset);
    const logitsTensor = behind ?? (kind === "probabilities" ? undefined : output);
    const piece = extract(index, [cut.tensor], [logitsTensor ?? output]);
    const scores = { output: { classes, shape: [1, count], logitsTensor }, opset: summary.opset };
    const logits = `offramp/${headTensors.logits}`;
    const head = graph(
      output,
      joinFragments([piece, logitsNodes(scores, logitsTensor ?? output, logits)]),
      [value(cut.tensor, cut.type, ["batch", ...cut.shape.slice(1)])],
      [value(logits, "float32", ["batch", classes])],
    );
    return {
      cutPoint,
      kind: output,
      model: model(head, proto),
      macs: piece.nodes.reduce((sum, { name }) => sum + (macs.get(name) ?? 0), 0),
      bytes: piece.initializers.reduce((sum, tensor) => sum + tensorBytes(tensor), 0),
    };
  });
}
