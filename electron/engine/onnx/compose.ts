import {
  type BackboneOutput,
  type BackboneSummary,
  type CutPoint,
  scoreCount,
} from "../../../shared/model/backbone.ts";
import { extract } from "./extract.ts";
import type { AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto } from "./gen/onnx_pb.ts";
import { clampNodes, type Fragment, node, value } from "./graph-builder.ts";
import type { GraphIndex } from "./graph-index.ts";
import type { GraphModel } from "./graph-model.ts";
import { floatTensor, intTensor } from "./tensors.ts";

type Rename = (tensor: string) => string;

export function joinFragments(fragments: readonly Fragment[]): Fragment {
  return {
    nodes: fragments.flatMap((fragment) => fragment.nodes),
    initializers: fragments.flatMap((fragment) => fragment.initializers),
  };
}

/** A copy under other tensor names, subgraphs included; weights are shared, not copied. */
export function renameFragment(fragment: Fragment, rename: Rename): Fragment {
  return {
    nodes: fragment.nodes.map((item) => renameNode(item, rename)),
    initializers: fragment.initializers.map((tensor) => renameTensor(tensor, rename)),
  };
}

function renameTensor(tensor: TensorProto, rename: Rename): TensorProto {
  return { ...tensor, name: rename(tensor.name) };
}

function renameNode(item: NodeProto, rename: Rename): NodeProto {
  const renameAll = (names: readonly string[]) => names.map((name) => (name === "" ? "" : rename(name)));
  const output = renameAll(item.output);
  return {
    ...item,
    // Node names have to be unique too: a renamed node is called after what it makes.
    name: output[0] === item.output[0] ? item.name : `${item.opType}/${output[0]}`,
    input: renameAll(item.input),
    output,
    attribute: item.attribute.map((attribute) => renameInSubgraphs(attribute, rename)),
  };
}

function renameInSubgraphs(attribute: AttributeProto, rename: Rename): AttributeProto {
  if (!attribute.g && attribute.graphs.length === 0) return attribute;
  return {
    ...attribute,
    g: attribute.g && renameGraph(attribute.g, rename),
    graphs: attribute.graphs.map((subgraph) => renameGraph(subgraph, rename)),
  };
}

function renameGraph(graph: GraphProto, rename: Rename): GraphProto {
  const renameValue = (info: ValueInfoProto) => ({ ...info, name: rename(info.name) });
  return {
    ...graph,
    node: graph.node.map((item) => renameNode(item, rename)),
    initializer: graph.initializer.map((tensor) => renameTensor(tensor, rename)),
    input: graph.input.map(renameValue),
    output: graph.output.map(renameValue),
  };
}

/**
 * A model of one input and one output as part of a graph: it reads `input`, writes `output`, and all else in it is called
 * `prefix + name`.
 */
export function embedModel({ graph }: GraphModel, input: string, output: string, prefix: string): Fragment {
  const outer = new Map([
    [graph.input[0].name, input],
    [graph.output[0].name, output],
  ]);
  const fragment = { nodes: graph.node, initializers: graph.initializer };
  return renameFragment(fragment, (name) => outer.get(name) ?? prefix + name);
}

/** The part of the backbone from the image, or from a cut point's boundary, to some tensors. */
export function backbonePart(
  index: GraphIndex,
  backbone: BackboneSummary,
  from: CutPoint | undefined,
  to: readonly string[],
): Fragment {
  return extract(index, [from ? from.boundary : backbone.input.name], to);
}

/** The tensor that the backbone's own logits are read from, before `logitsNodes`. */
export function logitsSource({ output }: BackboneSummary): string {
  return output.logitsTensor ?? output.name;
}

/** Keeps the logarithm of a vanishing probability finite. */
const tiny = 1e-30;

/** What has to be known about scores to turn them into logits. */
interface Scores {
  readonly output: Pick<BackboneOutput, "classes" | "shape" | "logitsTensor">;
  readonly opset: number;
}

/**
 * From `logitsSource`, here called `source`, to float32 logits [N, classes] called `logits`; where only
 * probabilities exist, their logarithm. A single score z makes the logits 0 and z, a single probability p those of
 * 1 - p and p.
 */
export function logitsNodes({ output, opset }: Scores, source: string, logits: string): Fragment {
  if (output.logitsTensor) return perClassNodes(output, source, logits);
  const [perClass, positive] = [`${logits}/probabilities`, `${logits}/positive`];
  return joinFragments([
    perClassNodes(output, source, perClass),
    clampNodes(perClass, positive, [tiny, 1], opset),
    { nodes: [node("Log", [positive], [logits])], initializers: [] },
  ]);
}

/** Scores of whatever shape as float32 [N, classes], probabilities as such. */
function perClassNodes(output: Scores["output"], source: string, perClass: string): Fragment {
  const count = scoreCount(output);
  const rows = count > 1 ? perClass : `${perClass}/single`;
  const float = node("Cast", [source], [`${perClass}/float`], { to: 1 });
  const reshape = node("Reshape", [`${perClass}/float`, `${perClass}/shape`], [rows]);
  const shape = intTensor(`${perClass}/shape`, [-1, count]);
  if (count > 1) return { nodes: [float, reshape], initializers: [shape] };
  const [factor, term] = [`${perClass}/factor`, `${perClass}/term`];
  const isLogit = output.logitsTensor !== undefined;
  return {
    nodes: [float, reshape, node("Gemm", [rows, factor, term], [perClass])],
    initializers: [
      shape,
      floatTensor(factor, isLogit ? [0, 1] : [-1, 1], [1, 2]),
      floatTensor(term, isLogit ? [0, 0] : [1, 0]),
    ],
  };
}

/**
 * From float32 logits [N, classes] to what an export's output `answer` holds: the logits themselves, or where the
 * model's own output is a single score, one of its shape and kind.
 * @param batch 1, or a name where it is open
 * @param prefix of the names of all tensors between
 */
export function answerNodes(
  { output }: Pick<BackboneSummary, "output">,
  batch: number | string,
  logits: string,
  answer: string,
  prefix: string,
): Fragment {
  if (scoreCount(output) > 1) return { nodes: [node("Identity", [logits], [answer])], initializers: [] };
  const [sign, shape, difference, score] = ["sign", "shape", "difference", "score"].map(
    (name) => `${prefix}${name}`,
  );
  const ownKind = output.kind === "logits" ? "Identity" : "Sigmoid";
  return {
    nodes: [
      node("MatMul", [logits, sign], [difference]),
      node(ownKind, [difference], [score]),
      node("Reshape", [score, shape], [answer]),
    ],
    initializers: [
      floatTensor(sign, [-1, 1], [2, 1]),
      intTensor(shape, batch === 1 ? output.shape! : [-1, ...output.shape!.slice(1)]),
    ],
  };
}

/** The output that `answerNodes` makes. */
export function answerValue(
  { output }: Pick<BackboneSummary, "output">,
  name: string,
  batch: number | string,
): ValueInfoProto {
  return value(name, "float32", scoreCount(output) > 1 ? [batch, output.classes] : ownDims(output, batch));
}

/** Shape of the model's own output; undefined where a row without a batch axis may hold several images. */
export function ownDims(
  { shape, classes }: BackboneOutput,
  batch: number | string,
): (number | string)[] | undefined {
  if (!shape) return [batch, classes];
  if (shape.length > 1 || shape[0] === 1) return [batch, ...shape.slice(1)];
  return batch === 1 ? [...shape] : undefined;
}
