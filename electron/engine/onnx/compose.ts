import type { BackboneSummary, CutPoint } from "../../../shared/domain/backbone.ts";
import type { Head } from "../heads/head.ts";
import { extract } from "./extract.ts";
import type { AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto } from "./gen/onnx_pb.ts";
import { clampNodes, type Fragment, node } from "./graph-builder.ts";
import type { GraphIndex } from "./graph-index.ts";

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

/** Puts a head into a graph: it reads `features`, writes `logits`, and all else in it is called `prefix + name`. */
export function attachHead(head: Head, features: string, logits: string, prefix: string): Fragment {
  const { graph } = head.model;
  const outer = new Map([
    [graph!.input[0].name, features],
    [graph!.output[0].name, logits],
  ]);
  const fragment = { nodes: graph!.node, initializers: graph!.initializer };
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

/**
 * From `logitsSource`, here called `source`, to float32 logits [N, classes] called `logits`; where only
 * probabilities exist, their logarithm.
 */
export function logitsNodes(backbone: BackboneSummary, source: string, logits: string): Fragment {
  const flat = `${logits}/flat`;
  const head = [
    node("Cast", [source], [`${logits}/float`], { to: 1 }),
    node("Flatten", [`${logits}/float`], [backbone.output.logitsTensor ? logits : flat]),
  ];
  if (backbone.output.logitsTensor) return { nodes: head, initializers: [] };
  const positive = `${logits}/positive`;
  return joinFragments([
    { nodes: head, initializers: [] },
    clampNodes(flat, positive, [tiny, 1], backbone.opset),
    { nodes: [node("Log", [positive], [logits])], initializers: [] },
  ]);
}
