import type { AttributeProto, GraphProto, NodeProto, TensorProto } from "./gen/onnx_pb.ts";
import type { GraphModel } from "./graph-model.ts";

/** A constant and where it stands, as messages say it. */
export interface PlacedTensor {
  readonly tensor: TensorProto;
  readonly place: string;
}

/** Every constant of a model: initializers and attributes, in subgraphs and in functions too; sparse ones are refused. */
export function* modelTensors(model: GraphModel): Generator<PlacedTensor> {
  yield* graphTensors(model.graph);
  for (const definition of model.functions) {
    yield* nodeTensors(definition.node);
    yield* attributeTensors(definition.attributeProto, `function ${definition.name}`);
  }
}

function* graphTensors(graph: GraphProto): Generator<PlacedTensor> {
  for (const tensor of graph.initializer) yield { tensor, place: `initializer ${tensor.name}` };
  yield* nodeTensors(graph.node);
}

/** The constants in the attributes of nodes, and in their subgraphs. */
export function* nodeTensors(nodes: readonly NodeProto[]): Generator<PlacedTensor> {
  for (const node of nodes)
    if (node.attribute.length > 0) yield* attributeTensors(node.attribute, nodeLabel(node));
}

function* attributeTensors(attributes: readonly AttributeProto[], owner: string): Generator<PlacedTensor> {
  for (const attribute of attributes) {
    const place = `attribute ${attribute.name} of ${owner}`;
    for (const tensor of attribute.t ? [attribute.t, ...attribute.tensors] : attribute.tensors)
      yield { tensor, place };
    for (const subgraph of attributeGraphs(attribute)) yield* graphTensors(subgraph);
  }
}

/** The subgraphs that an attribute holds: branches of an If, the body of a Loop. */
export function attributeGraphs(attribute: AttributeProto): GraphProto[] {
  return attribute.g ? [attribute.g, ...attribute.graphs] : attribute.graphs;
}

/** Nodes and those of their subgraphs. */
export function* nestedNodes(nodes: readonly NodeProto[]): Generator<NodeProto> {
  for (const node of nodes) {
    yield node;
    for (const subgraph of node.attribute.flatMap(attributeGraphs)) yield* nestedNodes(subgraph.node);
  }
}

/** A node as messages name it. */
export function nodeLabel(node: NodeProto): string {
  return `${node.opType || "a node without operator"} ${node.name || node.output[0] || "(unnamed)"}`;
}

/** 'ai.onnx' is the long name of the default domain; a copy that was spread from a node has none at all. */
export function plainDomain(domain: string | undefined): string {
  return domain === "ai.onnx" ? "" : (domain ?? "");
}
