import type { GraphProto, NodeProto } from "./gen/onnx_pb.ts";
import { readsShapeAlone, tensorsRead } from "./graph-index.ts";
import { attributeGraphs } from "./model-tensors.ts";

/** What of a graph's work depends on the values of what it is given, and not on shapes alone. */
export interface ValueDependence {
  /** The first node whose result is as large, or that runs as often, as such values say. */
  readonly unbounded?: NodeProto;
  /** Whether such values choose the branch of an If. */
  readonly choosesBranches: boolean;
}

/** Inputs of an operator, by position, whose values say how large its result is, without a bound. */
const sizing: Readonly<Record<string, readonly number[]>> = {
  AffineGrid: [1],
  CenterCropPad: [1],
  ConstantOfShape: [0],
  Expand: [1],
  MaxUnpool: [2],
  OneHot: [1],
  Pad: [1],
  Range: [0, 1, 2],
  // In operator set 10 the scales are the second.
  Resize: [1, 2, 3],
  Tile: [1],
  Upsample: [1],
};

/** Operators whose result has as many rows as values say, within what they read. */
const selecting: readonly string[] = ["Compress", "NonMaxSuppression", "NonZero", "Unique"];
/** Inputs of an operator, from this position on, whose values say what part of the first it gives. */
const cutting: Readonly<Record<string, number>> = {
  Reshape: 1,
  Slice: 1,
  Split: 1,
  SplitToSequence: 1,
  TopK: 1,
};

/** What values say of a tensor, as bits. */
const marks = { nothing: 0, values: 1, shape: 2 } as const;

type Lookup = (name: string) => number;

interface Findings {
  unbounded?: NodeProto;
  choosesBranches: boolean;
}

/**
 * Follows the values of a graph's inputs to whatever they decide: a first run on noise says nothing of how much memory and
 * time such a graph takes on the next image. One pass over the nodes, which are in topological order. Inputs of less than
 * two axes are no images, but switches that are held at zero.
 */
export function valueDependence(graph: GraphProto): ValueDependence {
  const found: Findings = { choosesBranches: false };
  const constants = new Set(graph.initializer.map(({ name }) => name));
  const given = graph.input
    .filter((input) => !constants.has(input.name) && isWide(input))
    .map(({ name }) => [name, marks.values] as const);
  follow(graph, new Map(given), () => marks.nothing, found);
  return found;
}

function isWide({ type }: GraphProto["input"][number]): boolean {
  const shape = type?.value.case === "tensorType" ? type.value.value.shape : undefined;
  return shape === undefined || shape.dim.length >= 2;
}

/** @returns what is known of every name that can be read in the graph */
function follow(graph: GraphProto, given: Map<string, number>, outer: Lookup, found: Findings): Lookup {
  const own = new Map(given);
  for (const { name } of [...graph.initializer, ...graph.input])
    if (!own.has(name)) own.set(name, marks.nothing);
  const lookup: Lookup = (name) => own.get(name) ?? outer(name);
  for (const node of graph.node) {
    const mark = markOf(node, lookup, found);
    for (const name of node.output) if (name !== "") own.set(name, mark);
  }
  return lookup;
}

function markOf(node: NodeProto, lookup: Lookup, found: Findings): number {
  const { opType, input } = node;
  const hasValues = (name: string | undefined) => name !== undefined && (lookup(name) & marks.values) !== 0;
  const read = tensorsRead(node).reduce((all, name) => all | lookup(name), marks.nothing as number);
  if (readsShapeAlone(node)) return read & marks.shape ? marks.values : marks.nothing;
  if (sizing[opType]?.some((at) => hasValues(input[at]))) found.unbounded ??= node;
  const inside = followInside(node, read, lookup, found);
  const isSelected = selecting.includes(opType) && input.some(hasValues);
  const isCut = input.slice(cutting[opType] ?? input.length).some(hasValues);
  const isChosen = opType === "If" && hasValues(input[0]);
  if (isChosen) found.choosesBranches = true;
  return read | inside | (isSelected || isCut || isChosen ? marks.shape : marks.nothing);
}

/** @returns the marks of what a node's subgraphs give */
function followInside(node: NodeProto, read: number, lookup: Lookup, found: Findings): number {
  const isLoop = node.opType === "Loop";
  const [count, condition] = node.input.map(lookup);
  if (isLoop && ((count | condition) & marks.values) !== 0) found.unbounded ??= node;
  let inside: number = marks.nothing;
  for (const subgraph of node.attribute.flatMap(attributeGraphs)) {
    // A loop counts by itself, and goes on as it began unless its body says otherwise; all else may be handed round.
    const given = subgraph.input.map(
      ({ name }, at) => [name, isLoop && at < 2 ? marks.nothing : read] as const,
    );
    const known = follow(subgraph, new Map(given), lookup, found);
    if (isLoop && (known(subgraph.output[0]?.name ?? "") & marks.values) !== 0) found.unbounded ??= node;
    for (const { name } of subgraph.output) inside |= known(name);
  }
  return inside;
}
