import type { CutPoint, PatchGrid } from "../../../../../shared/model/backbone.ts";
import type { NodeProto } from "../../gen/onnx_pb.ts";
import { type GraphIndex, isConstant } from "../../graph-index.ts";
import { attributeGraphs } from "../../model-tensors.ts";
import type { TensorTable } from "./costs.ts";
import { einsumLabels } from "./einsum.ts";

/** What an axis ranges over: the features of one position in the image, or positions, by row, by column or both. */
type AxisKind = "channels" | "rows" | "columns" | "positions" | "unknown";

/** A factor of an axis. */
interface AxisPart {
  readonly kind: AxisKind;
  readonly size: number;
  /** Of a row of tokens that holds more than the patches. */
  readonly patches?: PatchGrid;
}

/** One part, or several, the outermost first, where a Reshape merged axes; none where nothing is known of an axis of 1. */
type Axis = readonly AxisPart[];

/** The axes of a tensor at batch 1. */
export type Axes = readonly Axis[];

export interface ImageGraph {
  readonly index: GraphIndex;
  readonly tensors: TensorTable;
  /** Name of the image input. */
  readonly image: string;
  readonly imageLayout: "NCHW" | "NHWC";
}

/** One node with what is known of the axes of the tensors it reads. */
interface Operation {
  readonly node: NodeProto;
  /** By position; undefined for constants. */
  readonly inputs: readonly (Axes | undefined)[];
  /** Everything it reads that depends on the image, what its subgraphs capture too. */
  readonly reads: readonly Axes[];
  /** Dimensions of an input. */
  dims(position: number): readonly number[];
}

type AxesRule = (operation: Operation, dims: readonly number[]) => Axes;

/**
 * Follows the image's axes through the graph and tells of every tensor which axis holds channels and which positions.
 * Convolution and pooling say it of their results by definition, a product with constant weights makes channels, and
 * everything else passes through what it reads: no framework's conventions are known here.
 */
export function tensorAxes({ index, tensors, image, imageLayout }: ImageGraph): ReadonlyMap<string, Axes> {
  const known = new Map<string, Axes>();
  known.set(image, imageAxes(tensors.get(image)?.dims ?? [], imageLayout));
  index.nodes.forEach((node, number) => {
    if (!index.carriesInput[number]) return;
    const operation: Operation = {
      node,
      inputs: node.input.map((name) => known.get(name)),
      reads: index.reads[number].flatMap((name) => (known.has(name) ? [known.get(name)!] : [])),
      dims: (position) => tensors.get(node.input[position])?.dims ?? [],
    };
    const isOverseen = operation.reads.length * node.output.length <= mostPairs;
    const rule = isOverseen ? ruleOf(node) : unknownAxes;
    for (const output of node.output) {
      const dims = tensors.get(output)?.dims;
      if (dims && dims.length > highestRank) continue;
      // Sequences of tensors have no dimensions; what is taken out of one is like what was put in.
      const axes = dims ? rule(operation, dims) : operation.reads[0];
      if (axes) known.set(output, axes);
    }
  });
  return known;
}

function imageAxes(dims: readonly number[], layout: ImageGraph["imageLayout"]): Axes {
  const kinds: AxisKind[] =
    layout === "NCHW" ? ["channels", "rows", "columns"] : ["rows", "columns", "channels"];
  return dims.map((size, at) => (at === 0 ? [] : [{ kind: kinds[at - 1] ?? "unknown", size }]));
}

/** Tensors of more axes hold nothing that a head could read. */
const highestRank = 16;

/** What has as many operands and as many results (a loop) would have each result compared with each operand. */
const mostPairs = 10_000;

/** Operators whose results are [N, C, positions...] by definition. */
const channelsFirstOperators = /Conv|Pool|^BatchNormalization$|^DepthToSpace$|^SpaceToDepth$/;
const products = /MatMul|Gemm/;

const unknownAxes: AxesRule = (_, dims) => dims.map(anyAxis);

function ruleOf({ opType }: NodeProto): AxesRule {
  if (channelsFirstOperators.test(opType)) return channelsFirstAxes;
  if (products.test(opType)) return productAxes;
  if (opType === "Einsum") return einsumAxes;
  switch (opType) {
    case "Transpose":
      return transposedAxes;
    case "Reshape":
    case "Flatten":
    case "Squeeze":
    case "Unsqueeze":
      return reshapedAxes;
    case "Concat":
      return joinedAxes;
    default:
      return alikeAxes;
  }
}

const channelsFirstAxes: AxesRule = ({ inputs }, dims) =>
  dims.map((size, at) => {
    if (at === 1) return [{ kind: "channels", size }];
    if (at > 1) return [{ kind: dims.length === 4 ? (at === 2 ? "rows" : "columns") : "positions", size }];
    const batch = inputs[0]?.[0];
    return batch && sizeOf(batch) === size ? batch : anyAxis(size);
  });

const transposedAxes: AxesRule = ({ node, inputs: [axes] }, dims) => {
  const permutation = node.attribute.find(({ name }) => name === "perm")?.ints.map(Number);
  return dims.map((size, at) => axes?.[permutation?.[at] ?? dims.length - 1 - at] ?? anyAxis(size));
};

const reshapedAxes: AxesRule = ({ inputs: [axes] }, dims) =>
  (axes && regrouped(axes, dims)) ?? dims.map(anyAxis);

/** What a linear layer sums over becomes channels, unless the channels are another axis: then it mixes positions. */
const productAxes: AxesRule = (operation, dims) => {
  const { node } = operation;
  const [left, right] = operands(operation);
  const transposed = node.attribute.some(({ name, i }) => /^trans[AB]$/.test(name) && i !== 0n);
  if (left && right) {
    const rows = left.length === dims.length ? left : dims.map(anyAxis);
    const columns = transposed ? undefined : right.at(-1);
    return dims.map((size, at) => fitting(at === dims.length - 1 ? columns : rows[at], size));
  }
  const live = left ?? right;
  const isPlain = live?.length === dims.length && (left !== undefined || !transposed);
  if (!live || !isPlain) return dims.map(anyAxis);
  const made = left ? dims.length - 1 : dims.length - 2;
  return dims.map((size, at) =>
    at === made ? [{ kind: kindMade(live, made), size }] : fitting(live[at], size),
  );
};

function operands({ node, inputs }: Operation): readonly [Axes | undefined, Axes | undefined] {
  // Between the operands of these come scale and zero point of the first.
  const second = /^QLinearMatMul$|^QGemm$/.test(node.opType) ? 3 : 1;
  return [inputs[0], inputs[second]];
}

function kindMade(live: Axes, summed: number): AxisKind {
  const channelsElsewhere = live.some((axis, at) => at !== summed && at > 0 && isChannels(axis));
  return channelsElsewhere && !isChannels(live[summed]) ? kindOf(live[summed]) : "channels";
}

/** Axes keep their names; one that comes from constant weights is what those of `productAxes` make. */
const einsumAxes: AxesRule = ({ node, inputs, dims: dimsOf }, dims) => {
  const ranks = node.input.map((_, at) => dimsOf(at).length);
  const labels = einsumLabels(node, ranks);
  const known = new Map<string, Axis>();
  for (const [at, axes] of inputs.entries())
    axes?.forEach((axis, position) => {
      const label = labels.inputs[at]?.[position] ?? "";
      if (!known.has(label) || sizeOf(known.get(label)!) === 1) known.set(label, axis);
    });
  const summed = [...known].filter(([label]) => !labels.output.includes(label)).map(([, axis]) => axis);
  const keepsChannels = labels.output.some((label) => isChannels(known.get(label) ?? []));
  const made =
    keepsChannels && summed.length > 0 && !summed.some(isChannels) ? kindOf(summed[0]) : "channels";
  return dims.map((size, at) => {
    const axis = known.get(labels.output[at]);
    return axis ? fitting(axis, size) : size === 1 ? [] : [{ kind: made, size }];
  });
};

/** Along the joined axis a row of tokens keeps the place of its patches. */
const joinedAxes: AxesRule = (operation, dims) => {
  const { node, inputs } = operation;
  const declared = Number(node.attribute.find(({ name }) => name === "axis")?.i ?? 0n);
  const joined = declared < 0 ? declared + dims.length : declared;
  const grids = inputs.map((axes) => axes && patchesOf(axes[joined] ?? []));
  const holders = grids.filter(Boolean);
  return alikeAxes(operation, dims).map((axis, at) => {
    if (at !== joined || holders.length !== 1) return axis;
    const holder = grids.findIndex(Boolean);
    const before = node.input
      .slice(0, holder)
      .reduce((sum, _, i) => sum + (operation.dims(i)[joined] ?? 0), 0);
    const patches = { ...grids[holder]!, first: before + grids[holder]!.first };
    return [{ kind: "positions", size: dims[at], patches }];
  });
};

/** Axis by axis from the right what the operands agree on; an axis that changed its size keeps its kind alone. */
const alikeAxes: AxesRule = ({ reads }, dims) => {
  if (!reads.some((axes) => axes.length === dims.length)) {
    const [only, ...others] = reads;
    return (only && others.length === 0 && regrouped(only, dims)) || dims.map(anyAxis);
  }
  return dims.map((size, at) => {
    const read = reads.map((axes) => axes[at - dims.length + axes.length] ?? []);
    const told = read.filter((axis) => kindOf(axis) !== "unknown");
    const same = told.filter((axis) => sizeOf(axis) === size);
    const trusted = same.length > 0 ? same : told.filter((axis) => sizeOf(axis) > 1);
    const best = trusted.find(hasOrder) ?? trusted[0];
    if (!best || trusted.some((axis) => isChannels(axis) !== isChannels(best))) return anyAxis(size);
    return fitting(best, size);
  });
};

/** The axis itself if it is this long, or else one of its kind. */
function fitting(axis: Axis | undefined, size: number): Axis {
  if (axis && sizeOf(axis) === size) return axis;
  return size === 1 || !axis ? anyAxis(size) : [{ kind: kindOf(axis), size }];
}

function anyAxis(size: number): Axis {
  return size === 1 ? [] : [{ kind: "unknown", size }];
}

function sizeOf(axis: Axis): number {
  return axis.reduce((product, { size }) => product * size, 1);
}

/** Of a merged axis, what the larger share of it is: space folded into channels are channels, and the other way round. */
function kindOf(axis: Axis): AxisKind {
  const kind = axis[0]?.kind ?? "unknown";
  if (axis.every((part) => part.kind === kind)) return kind;
  if (axis.some((part) => part.kind === "unknown")) return "unknown";
  const channels = sizeOf(axis.filter((part) => part.kind === "channels"));
  return channels ** 2 < sizeOf(axis) ? "positions" : "channels";
}

function isChannels(axis: Axis): boolean {
  return kindOf(axis) === "channels";
}

/** Whether it is known where in the image its positions lie. */
function hasOrder(axis: Axis): boolean {
  return kindOf(axis) === "rows" || kindOf(axis) === "columns" || patchesOf(axis) !== undefined;
}

/** The same elements, in the same order, under other dimensions; undefined if these part an axis unevenly. */
function regrouped(axes: Axes, dims: readonly number[]): Axes | undefined {
  const parts = axes.flat().filter(({ size }) => size > 1);
  const groups = dims.map((dim) => takeParts(parts, dim));
  return parts.length === 0 && groups.every((axis) => axis !== undefined) ? (groups as Axis[]) : undefined;
}

/** Takes parts off the front that together are `dim` long, splitting the last of them if it is longer. */
function takeParts(parts: AxisPart[], dim: number): Axis | undefined {
  const taken: AxisPart[] = [];
  for (let left = dim; left > 1; ) {
    const part = parts.shift();
    if (!part) return undefined;
    if (left % part.size === 0) {
      taken.push(part);
      left /= part.size;
    } else if (part.size % left === 0) {
      taken.push({ kind: part.kind, size: left });
      parts.unshift({ kind: part.kind, size: part.size / left });
      left = 1;
    } else return undefined;
  }
  return taken;
}

/** The grid that a row of tokens holds: two axes of a map that were merged, with or without tokens beside them. */
function patchesOf(axis: Axis): PatchGrid | undefined {
  const [rows, columns, ...others] = axis;
  if (rows?.patches && !columns) return rows.patches;
  const isGrid = rows?.kind === "rows" && columns?.kind === "columns" && others.length === 0;
  return isGrid ? { height: rows.size, width: columns.size, first: 0 } : undefined;
}

export interface FeatureLayout extends Pick<CutPoint, "layout" | "patches"> {
  /** Whether rows and columns of the image can be told apart; in windows and in rows of unknown order they can't. */
  readonly isWhole: boolean;
}

/**
 * Where the channels of features are.
 * @returns undefined unless they are one axis, the second or the last, with at least one axis of positions
 */
export function layoutOf(axes: Axes | undefined): FeatureLayout | undefined {
  if (!axes || axes.length < 3) return undefined;
  const channels = axes.flatMap((axis, at) => (at > 0 && isChannels(axis) ? [at] : []));
  const last = axes.length - 1;
  if (channels.length !== 1 || (channels[0] !== 1 && channels[0] !== last)) return undefined;
  const layout = channels[0] === 1 ? "channels-first" : "channels-last";
  const patches = axes.length === 3 ? patchesOf(axes[channels[0] === 1 ? 2 : 1]) : undefined;
  const kinds = axes.map(kindOf);
  const isMap = axes.length === 4 && kinds.includes("rows") && kinds.includes("columns");
  return { layout, ...(patches && { patches }), isWhole: isMap || patches !== undefined };
}

/** Operators that read across positions whatever their operands. */
const mixers = /Conv|Pool|Attention|Einsum|^LSTM$|^GRU$|^RNN$|^DFT$/;

/** Whether a node's results at one position may depend on what it reads at others, by multiplying or opaquely. */
export function mixesPositions(index: GraphIndex, number: number, axes: ReadonlyMap<string, Axes>): boolean {
  const node = index.nodes[number];
  if (mixers.test(node.opType) || node.attribute.some((attribute) => attributeGraphs(attribute).length > 0))
    return true;
  if (!products.test(node.opType)) return false;
  const live = node.input.filter((name) => name !== "" && !isConstant(index, name));
  return live.length > 1 || !isChannels(axes.get(node.output[0])?.at(-1) ?? []);
}
