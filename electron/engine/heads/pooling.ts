import type { FeatureInput } from "../nn/training-graph.ts";
import type { NodeProto } from "../onnx/gen/onnx_pb.ts";
import { node } from "../onnx/graph-builder.ts";
import { elementCount } from "../onnx/tensors.ts";
import type { HeadShape } from "./head-shape.ts";

/** What a pooling reads, by name. */
export interface Features {
  /** [N, C, H, W] */
  readonly map: string;
  /** [N, C]; there if the head's shape says so. */
  readonly classToken?: string;
}

/** Reduces features to fewer; several kinds of head share one. */
export interface Pooling {
  readonly id: string;
  /** Names of its results, which are alike. */
  readonly outputs: readonly string[];
  /** Of each result for one image: [D], or those of a map [C, H, W]. */
  dims(shape: HeadShape): readonly number[];
  /** Nodes to tensors called `prefix + output`. */
  nodes(features: Features, prefix: string, shape: HeadShape): NodeProto[];
}

/** Numbers of one image in each result of a pooling. */
export function featureWidth(pooling: Pooling, shape: HeadShape): number {
  return elementCount(pooling.dims(shape));
}

/** A pooling's results as training reads them. */
export function featureInputs(pooling: Pooling, shape: HeadShape): FeatureInput[] {
  return pooling.outputs.map((name) => ({ name, dims: pooling.dims(shape) }));
}

/** The mean of each channel, and the class token behind it: D = C or 2 C. */
export const averagePooling: Pooling = {
  id: "average",
  outputs: ["average"],
  dims: ({ channels, hasClassToken }) => [channels * (hasClassToken ? 2 : 1)],
  nodes: (features, prefix) => [
    node("GlobalAveragePool", [features.map], [`${prefix}average/map`]),
    ...flatNodes(features, `${prefix}average`),
  ],
};

/** From the pooled map `to/map` to flat features `to`, the class token at their end. */
function flatNodes({ classToken }: Features, to: string): NodeProto[] {
  if (!classToken) return [node("Flatten", [`${to}/map`], [to])];
  return [
    node("Flatten", [`${to}/map`], [`${to}/flat`]),
    node("Concat", [`${to}/flat`, classToken], [to], { axis: 1 }),
  ];
}

const gridSide = 4;

/**
 * Kernel and stride that reduce `size` to exactly four cells (fewer if the map is smaller) and leave nothing out;
 * neighbouring cells overlap where four does not divide the size.
 */
function gridWindow(size: number): { cells: number; kernel: number; stride: number } {
  const cells = Math.min(gridSide, size);
  const stride = Math.floor(size / cells);
  return { cells, stride, kernel: size - (cells - 1) * stride };
}

/**
 * Maximum and mean over a 4x4 grid, to be mixed by a learnt weight: D = 16 C (Kaya et al. 2019, section 4.1). A class
 * token is like a further cell whose maximum and mean are the same.
 */
export const gridPooling: Pooling = {
  id: "grid",
  outputs: ["maximum", "mean"],
  dims: ({ channels, height, width, hasClassToken }) => [
    channels * (gridWindow(height).cells * gridWindow(width).cells + (hasClassToken ? 1 : 0)),
  ],
  nodes: (features, prefix, shape) => {
    const rows = gridWindow(shape.height);
    const columns = gridWindow(shape.width);
    const window = { kernel_shape: [rows.kernel, columns.kernel], strides: [rows.stride, columns.stride] };
    return [
      node("MaxPool", [features.map], [`${prefix}maximum/map`], window),
      ...flatNodes(features, `${prefix}maximum`),
      node("AveragePool", [features.map], [`${prefix}mean/map`], window),
      ...flatNodes(features, `${prefix}mean`),
    ];
  },
};

/** At most `most` cells that leave nothing out and overlap by no more than the remainder, so that they blur little. */
function mapWindow(size: number, most: number): { cells: number; kernel: number; stride: number } {
  const stride = Math.ceil(size / most);
  const cells = Math.floor(size / stride);
  return { cells, stride, kernel: size - (cells - 1) * stride };
}

/** The map itself, brought to at most `side` x `side` by means. A class token is left out: it has no place in the map. */
export function mapPooling(side: number): Pooling {
  const name = `map-${side}`;
  return {
    id: name,
    outputs: [name],
    dims: ({ channels, height, width }) => [
      channels,
      mapWindow(height, side).cells,
      mapWindow(width, side).cells,
    ],
    nodes: ({ map }, prefix, { height, width }) => {
      const [rows, columns] = [mapWindow(height, side), mapWindow(width, side)];
      if (rows.stride === 1 && columns.stride === 1) return [node("Identity", [map], [prefix + name])];
      const window = { kernel_shape: [rows.kernel, columns.kernel], strides: [rows.stride, columns.stride] };
      return [node("AveragePool", [map], [prefix + name], window)];
    },
  };
}
