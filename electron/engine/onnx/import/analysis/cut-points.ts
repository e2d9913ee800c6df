import type { CutPoint, ReadyExit } from "../../../../../shared/model/backbone.ts";
import { nodesBehind } from "../../graph-index.ts";
import { elementCount } from "../../tensors.ts";
import { activationBytes, type NodeCost } from "./costs.ts";
import {
  type Axes,
  type FeatureLayout,
  type ImageGraph,
  layoutOf,
  mixesPositions,
  tensorAxes,
} from "./tensor-axes.ts";

/** A graph with everything that finding cut points needs to know. */
export interface MeasuredGraph extends ImageGraph {
  /** By node number. */
  readonly costs: readonly NodeCost[];
}

export interface Cuts {
  readonly cutPoints: readonly CutPoint[];
  readonly readyExits: readonly ReadyExit[];
  /** Exits that depend on nothing that can be cut. */
  readonly unplaced: readonly string[];
}

/** Places closer than this share of all MACs are one place. */
export const closestShare = 0.01;

/**
 * Finds a backbone's cut points: the feature maps and rows of tokens that every path from image to output
 * crosses. Of those without a multiplication between them (convolution, normalisation, activation, pooling) and of
 * those less than 1 % of all MACs apart, the last is kept. The same holds of maps with channels last that are separated by a residual
 * branch which works on each position alone: a transformer is cut after its blocks, not between their
 * attention and the layers behind it. Before a cut there is at least one operator with weights, after
 * it at least two, so that more than the backbone's own classifier is saved.
 * @param output the backbone's class scores
 * @param exits further class-score outputs; each is attached at the deepest feature map that it wholly depends on
 * @returns cut points in order along the backbone
 */
export function findCutPoints(graph: MeasuredGraph, output: string, exits: readonly string[]): Cuts {
  const axes = tensorAxes(graph);
  const places = cuttablePlaces(graph, output, axes);
  const crossed = exits.map((exit) => new Set(crossings(graph, exit, axes).map(({ tensor }) => tensor)));
  const deepest = (among: readonly Place[], exit: number) =>
    among.findLast((place) => crossed[exit].has(place.boundary));
  const pinned = new Set(exits.map((_, exit) => deepest(places, exit)));
  const total = totalMacs(graph, output);
  const kept = spaced(lastOfRuns(places, pinned), pinned, total);
  const cutPoints = kept.map((place, number) => cutPoint(graph, place, number, total));
  const placed = exits.map((name, exit) => ({ name, place: deepest(kept, exit) }));
  return {
    cutPoints,
    readyExits: placed.flatMap(({ name, place }) => (place ? readyExit(graph, output, name, place) : [])),
    unplaced: placed.flatMap(({ name, place }) => (place ? [] : name)),
  };
}

/** An exit at its place, with the costs of its own branch. */
function readyExit({ index, costs }: MeasuredGraph, output: string, exit: string, place: Place): ReadyExit {
  const before = new Set(nodesBehind(index, place.tensor));
  const shared = new Set(nodesBehind(index, output));
  const branch = nodesBehind(index, exit).filter((number) => !before.has(number));
  const macsOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + costs[number].macs, 0);
  const repeatedMacs = macsOf(branch.filter((number) => shared.has(number)));
  return {
    output: exit,
    cutPoint: place.tensor,
    macs: macsOf(branch),
    ...(repeatedMacs > 0 && { repeatedMacs }),
  };
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
  /** Operators before it that read across positions. */
  readonly mixersBefore: number;
}

/**
 * The tensors that every path from image to output crosses, in order. Walking the nodes in topological order,
 * a tensor is one if at some moment it alone was made and still waits for a reader: everything before it leads
 * into it, everything after leads out of it, so any topological order meets it. Linear in nodes and reads.
 */
function crossings(
  { index, costs, image }: MeasuredGraph,
  output: string,
  axes: ReadonlyMap<string, Axes>,
): Crossing[] {
  const nodes = nodesBehind(index, output);
  const readersLeft = new Map<string, number>();
  for (const number of nodes)
    for (const name of new Set(index.reads[number])) readersLeft.set(name, (readersLeft.get(name) ?? 0) + 1);
  const weighted = nodes.filter((number) => costs[number].macs > 0).length;
  const waiting = new Set([image]);
  const found: Crossing[] = [];
  let macs = 0;
  let weightedBefore = 0;
  let mixersBefore = 0;
  for (const number of nodes) {
    macs += costs[number].macs;
    if (costs[number].macs > 0) weightedBefore++;
    if (mixesPositions(index, number, axes)) mixersBefore++;
    for (const name of index.nodes[number].output) if (readersLeft.has(name)) waiting.add(name);
    for (const name of new Set(index.reads[number])) {
      readersLeft.set(name, readersLeft.get(name)! - 1);
      if (readersLeft.get(name) === 0) waiting.delete(name);
    }
    const [tensor] = waiting;
    if (waiting.size === 1 && found.at(-1)?.tensor !== tensor)
      found.push({ tensor, macs, weightedBefore, weightedAfter: weighted - weightedBefore, mixersBefore });
  }
  return found;
}

/** A crossing where an exit head can be attached. */
interface Place extends FeatureLayout {
  readonly tensor: string;
  readonly boundary: string;
  readonly dims: readonly number[];
  readonly macs: number;
  readonly mixersBefore: number;
  /** Whether several operators read it. */
  readonly isHandedOn: boolean;
}

function cuttablePlaces(graph: MeasuredGraph, output: string, axes: ReadonlyMap<string, Axes>): Place[] {
  return crossings(graph, output, axes)
    .filter(({ weightedBefore, weightedAfter }) => weightedBefore >= 1 && weightedAfter >= 2)
    .flatMap((crossing) => {
      const tensor = dequantised(graph, crossing.tensor);
      const { type, dims } = graph.tensors.get(tensor) ?? { type: "", dims: [] };
      const layout = layoutOf(axes.get(tensor));
      if (!layout || !/^float(16|32)$/.test(type) || !hasPositions(dims, layout)) return [];
      const { consumers } = graph.index;
      const isHandedOn = [tensor, crossing.tensor].some((name) => (consumers.get(name) ?? []).length > 1);
      return [{ ...crossing, ...layout, boundary: crossing.tensor, tensor, dims, isHandedOn }];
    })
    .filter((place, position, all) => place.tensor !== all[position - 1]?.tensor);
}

/** One sample's features, with some room left in space. */
function hasPositions(dims: readonly number[], { layout }: Pick<Place, "layout">): boolean {
  const channels = layout === "channels-first" ? dims[1] : dims.at(-1)!;
  return dims[0] === 1 && elementCount(dims) > channels;
}

/** The float tensor to look at where an integer one crosses: what it is dequantised to, or else itself. */
function dequantised({ index }: MeasuredGraph, tensor: string): string {
  const readers = (index.consumers.get(tensor) ?? []).map((number) => index.nodes[number]);
  const reader = readers.find((node) => node.opType === "DequantizeLinear" && node.input[0] === tensor);
  return reader?.output[0] ?? tensor;
}

/**
 * Of places that tell the same one: the last that an exit is pinned to, or else the last in which rows and columns
 * of the image aren't torn apart into windows, or else the last.
 */
function lastOfRuns(places: readonly Place[], pinned: ReadonlySet<Place | undefined>): Place[] {
  const kept: Place[] = [];
  for (const place of places) {
    const previous = kept.at(-1);
    if (!previous || !(previous.macs === place.macs || isSameBlock(previous, place, pinned)))
      kept.push(place);
    else if (pinned.has(place) || !(pinned.has(previous) || (previous.isWhole && !place.isWhole)))
      kept.splice(-1, 1, place);
  }
  return kept;
}

/**
 * Whether all that stands between two places is a residual branch around which the first is passed, and which works on each
 * position alone. Exits of the model's own separate them.
 */
function isSameBlock(previous: Place, place: Place, pinned: ReadonlySet<Place | undefined>): boolean {
  return (
    previous.layout === "channels-last" &&
    place.layout === "channels-last" &&
    previous.isHandedOn &&
    previous.mixersBefore === place.mixersBefore &&
    String(previous.dims) === String(place.dims) &&
    !pinned.has(previous)
  );
}

/** Going back from the last place, drops those too close to the one kept before. */
function spaced(places: readonly Place[], pinned: ReadonlySet<Place | undefined>, total: number): Place[] {
  const kept: Place[] = [];
  for (const place of places.toReversed()) {
    const distance = (kept.at(-1)?.macs ?? Number.POSITIVE_INFINITY) - place.macs;
    if (pinned.has(place) || distance >= closestShare * total) kept.push(place);
  }
  return kept.reverse();
}

function cutPoint({ index, tensors }: MeasuredGraph, place: Place, number: number, total: number): CutPoint {
  const { type, dims } = tensors.get(place.tensor)!;
  const { layout, patches } = place;
  return {
    index: number,
    tensor: place.tensor,
    boundary: place.boundary,
    shape: dims,
    layout,
    ...(patches && { patches }),
    type: type === "float16" ? "float16" : "float32",
    node: index.nodes[index.producer.get(place.tensor)!].name,
    macs: place.macs,
    macsShare: place.macs / total,
    activationBytes: activationBytes(tensors, place.boundary),
  };
}
