import type { CutPoint, ReadyExit } from "../../../shared/domain/backbone.ts";
import { AppError } from "../../../shared/errors.ts";
import { activationBytes, type NodeCost, type TensorTable } from "./costs.ts";
import { type GraphIndex, nodesBehind } from "./graph-index.ts";

/** A graph with everything known about it that cutting needs. */
export interface MeasuredGraph {
  readonly index: GraphIndex;
  readonly tensors: TensorTable;
  /** By node number. */
  readonly costs: readonly NodeCost[];
  /** Name of the image input. */
  readonly image: string;
}

export interface Cuts {
  readonly cutPoints: readonly CutPoint[];
  readonly readyExits: readonly ReadyExit[];
}

/** Places closer than this share of all MACs are one place. */
const closestShare = 0.01;

/**
 * Finds where a backbone can be cut: the feature maps that every path from image to output crosses. Of those
 * without a multiplication between them (convolution, normalisation, activation, pooling) and of those less
 * than 1 % of all MACs apart, the last is kept. Before a cut there is at least one operator with weights, after
 * it at least two, so that more than the backbone's own classifier is saved.
 * @param output the backbone's class scores
 * @param exits further class-score outputs; each is attached at the deepest feature map that it wholly depends on
 * @returns cut points in order along the backbone
 * @throws AppError 'model-unsupported' if an exit depends on nothing that can be cut
 */
export function findCutPoints(graph: MeasuredGraph, output: string, exits: readonly string[]): Cuts {
  const places = cuttablePlaces(graph, output);
  const crossed = exits.map((exit) => new Set(crossings(graph, exit).map((crossing) => crossing.tensor)));
  const deepest = (among: readonly Place[], exit: number) =>
    among.findLast((place) => crossed[exit].has(place.boundary));
  const pinned = new Set(exits.map((_, exit) => deepest(places, exit)));
  const kept = spaced(lastOfRuns(places, pinned), pinned, closestShare * totalMacs(graph, output));
  const cutPoints = kept.map((place, number) => cutPoint(graph, place, number, totalMacs(graph, output)));
  const readyExits = exits.map((name, exit) => {
    const place = deepest(kept, exit);
    if (!place)
      throw new AppError(
        "model-unsupported",
        `output ${name} branches off before the first cut point; remove that output`,
      );
    return { output: name, cutPoint: place.tensor };
  });
  return { cutPoints, readyExits };
}

function totalMacs({ index, costs }: MeasuredGraph, output: string): number {
  return nodesBehind(index, output).reduce((sum, number) => sum + costs[number].macs, 0);
}

interface Crossing {
  readonly tensor: string;
  /** MACs of the nodes before it. */
  readonly macs: number;
  /** Operators with MACs before and after it. */
  readonly weightedBefore: number;
  readonly weightedAfter: number;
}

/**
 * The tensors that every path from image to output crosses, in order. Walking the nodes in topological order,
 * a tensor is one if at some moment it alone was made and still waits for a reader: everything before it leads
 * into it, everything after leads out of it, so any topological order meets it. Linear in nodes and reads.
 */
function crossings({ index, costs, image }: MeasuredGraph, output: string): Crossing[] {
  const nodes = nodesBehind(index, output);
  const readersLeft = new Map<string, number>();
  for (const number of nodes)
    for (const name of new Set(index.reads[number])) readersLeft.set(name, (readersLeft.get(name) ?? 0) + 1);
  const weighted = nodes.filter((number) => costs[number].macs > 0).length;
  const waiting = new Set([image]);
  const found: Crossing[] = [];
  let macs = 0;
  let weightedBefore = 0;
  for (const number of nodes) {
    macs += costs[number].macs;
    if (costs[number].macs > 0) weightedBefore++;
    for (const name of index.nodes[number].output) if (readersLeft.has(name)) waiting.add(name);
    for (const name of new Set(index.reads[number])) {
      readersLeft.set(name, readersLeft.get(name)! - 1);
      if (readersLeft.get(name) === 0) waiting.delete(name);
    }
    const [tensor] = waiting;
    if (waiting.size === 1 && found.at(-1)?.tensor !== tensor)
      found.push({ tensor, macs, weightedBefore, weightedAfter: weighted - weightedBefore });
  }
  return found;
}

/** A crossing where an exit head can be attached. */
interface Place {
  readonly tensor: string;
  readonly boundary: string;
  readonly macs: number;
}

function cuttablePlaces(graph: MeasuredGraph, output: string): Place[] {
  const channelsLast = channelsLastTensors(graph);
  return crossings(graph, output)
    .filter(({ weightedBefore, weightedAfter }) => weightedBefore >= 1 && weightedAfter >= 2)
    .map((crossing) => ({
      ...crossing,
      boundary: crossing.tensor,
      tensor: dequantised(graph, crossing.tensor),
    }))
    .filter(({ tensor }) => isFeatureMap(graph.tensors, tensor) && !channelsLast.has(tensor))
    .filter((place, position, all) => place.tensor !== all[position - 1]?.tensor);
}

/** The float tensor to look at where an integer one crosses: what it is dequantised to, or else itself. */
function dequantised({ index }: MeasuredGraph, tensor: string): string {
  const readers = (index.consumers.get(tensor) ?? []).map((number) => index.nodes[number]);
  const reader = readers.find((node) => node.opType === "DequantizeLinear" && node.input[0] === tensor);
  return reader?.output[0] ?? tensor;
}

/** A float tensor [1, channels, height, width] with some room left in space. */
function isFeatureMap(tensors: TensorTable, name: string): boolean {
  const { type, dims } = tensors.get(name) ?? { type: "", dims: [] };
  return /^float(16|32)$/.test(type) && dims.length === 4 && dims[0] === 1 && dims[2] * dims[3] > 1;
}

/** Operators whose result is always [N, C, H, W]. */
const channelsFirstOperators = /Conv|Pool|^BatchNormalization$|^DepthToSpace$|^SpaceToDepth$/;

/** Tensors that a Transpose turned into [N, H, W, C], and what follows from them until they are turned back. */
function channelsLastTensors({ index, tensors }: MeasuredGraph): Set<string> {
  const found = new Set<string>();
  index.nodes.forEach((node, number) => {
    const permutation = node.opType === "Transpose" ? permutationOf(index, number) : "";
    const turned = permutation === "0,2,3,1";
    const turnedBack = permutation === "0,3,1,2" || channelsFirstOperators.test(node.opType);
    if (!turned && (turnedBack || !index.reads[number].some((name) => found.has(name)))) return;
    for (const name of node.output) if (tensors.get(name)?.dims.length === 4) found.add(name);
  });
  return found;
}

function permutationOf(index: GraphIndex, number: number): string {
  return index.nodes[number].attribute.find(({ name }) => name === "perm")?.ints.join() ?? "";
}

/** Of places with equal MACs before them one: the last that an exit is pinned to, or else the last. */
function lastOfRuns(places: readonly Place[], pinned: ReadonlySet<Place | undefined>): Place[] {
  const kept: Place[] = [];
  for (const place of places) {
    const previous = kept.at(-1);
    if (previous?.macs !== place.macs) kept.push(place);
    else if (pinned.has(place) || !pinned.has(previous)) kept.splice(-1, 1, place);
  }
  return kept;
}

/** Going back from the last place, drops those too close to the one kept before. */
function spaced(places: readonly Place[], pinned: ReadonlySet<Place | undefined>, distance: number): Place[] {
  const kept: Place[] = [];
  for (const place of places.toReversed())
    if (kept.length === 0 || pinned.has(place) || kept.at(-1)!.macs - place.macs >= distance)
      kept.push(place);
  return kept.reverse();
}

function cutPoint({ index, tensors }: MeasuredGraph, place: Place, number: number, total: number): CutPoint {
  const { type, dims } = tensors.get(place.tensor)!;
  return {
    index: number,
    tensor: place.tensor,
    boundary: place.boundary,
    shape: [dims[0], dims[1], dims[2], dims[3]],
    type: type === "float16" ? "float16" : "float32",
    node: index.nodes[index.producer.get(place.tensor)!].name,
    macs: place.macs,
    macsShare: place.macs / total,
    activationBytes: activationBytes(tensors, place.boundary),
  };
}
