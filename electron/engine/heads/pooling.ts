import type { NodeProto } from "../onnx/gen/onnx_pb.ts";
import { node } from "../onnx/graph-builder.ts";
import type { HeadShape } from "./head-kind.ts";

/** Reduces a feature map [N, C, H, W] to flat features [N, D]; several kinds of head share one. */
export interface Pooling {
  readonly id: string;
  /** Names of its results, each [N, D]. */
  readonly outputs: readonly string[];
  /** D of each result. */
  width(shape: HeadShape): number;
  /** Nodes from the tensor `from` to tensors called `prefix + output`. */
  nodes(from: string, prefix: string, shape: HeadShape): NodeProto[];
}

/** The mean of each channel: D = C. */
export const averagePooling: Pooling = {
  id: "average",
  outputs: ["average"],
  width: (shape) => shape.channels,
  nodes: (from, prefix) => [
    node("GlobalAveragePool", [from], [`${prefix}average/map`]),
    node("Flatten", [`${prefix}average/map`], [`${prefix}average`]),
  ],
};

const gridSide = 4;

/**
 * Kernel and stride that reduce `size` to exactly four cells (fewer if the map is smaller) and leave nothing out;
 * neighbouring cells overlap where four does not divide the size.
 */
export function gridWindow(size: number): { cells: number; kernel: number; stride: number } {
  const cells = Math.min(gridSide, size);
  const stride = Math.floor(size / cells);
  return { cells, stride, kernel: size - (cells - 1) * stride };
}

/** Maximum and mean over a 4x4 grid, to be mixed by a learnt weight: D = 16 C (Kaya et al. 2019, section 4.1). */
export const gridPooling: Pooling = {
  id: "grid",
  outputs: ["maximum", "mean"],
  width: (shape) => shape.channels * gridWindow(shape.height).cells * gridWindow(shape.width).cells,
  nodes: (from, prefix, shape) => {
    const rows = gridWindow(shape.height);
    const columns = gridWindow(shape.width);
    const window = { kernel_shape: [rows.kernel, columns.kernel], strides: [rows.stride, columns.stride] };
    return [
      node("MaxPool", [from], [`${prefix}maximum/map`], window),
      node("Flatten", [`${prefix}maximum/map`], [`${prefix}maximum`]),
      node("AveragePool", [from], [`${prefix}mean/map`], window),
      node("Flatten", [`${prefix}mean/map`], [`${prefix}mean`]),
    ];
  },
};
