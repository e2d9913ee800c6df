import type { NodeProto } from "../onnx/gen/onnx_pb.ts";
import { node } from "../onnx/graph-builder.ts";
import { floatTensor, intTensor } from "../onnx/tensors.ts";
import { gradient, type Layer, uniform } from "./layers.ts";

/** The maps that a pooling reduces, and to how many cells a side at most. */
export interface MixedPool {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly grid: number;
}

/** Cells of the same size side by side; the last is cut off by the map's edge, where it doesn't divide into them. */
interface Cells {
  readonly count: number;
  readonly size: number;
  /** Places that the last cell lacks. */
  readonly missing: number;
}

function cellsOf(side: number, grid: number): Cells {
  const size = Math.ceil(side / grid);
  const count = Math.ceil(side / size);
  return { count, size, missing: count * size - side };
}

/** Features of one image: a number per channel and cell. */
export function mixedPoolWidth({ channels, height, width, grid }: MixedPool): number {
  return channels * cellsOf(height, grid).count * cellsOf(width, grid).count;
}

/**
 * Maximum and mean of each cell, mixed by one learnt share that starts at one half: maps [N, C, H, W] become flat features.
 * Where several places have a cell's maximum each gets its whole gradient: most are zeros, which a ReLU before lets none to.
 * @see Lee, Gallagher, Tu 2016, arXiv 1509.08985
 */
export function mixedPoolLayer(name: string, pool: MixedPool): Layer {
  const { channels, height, width, grid } = pool;
  const [rows, columns] = [cellsOf(height, grid), cellsOf(width, grid)];
  const own = (part: string) => `${name}/${part}`;
  const share = own("share");
  const window = {
    kernel_shape: [rows.size, columns.size],
    strides: [rows.size, columns.size],
    pads: [0, 0, rows.missing, columns.missing],
  };
  const constants = [
    floatTensor(own("one"), [1], []),
    intTensor(own("cells"), [-1, channels, rows.count, 1, columns.count, 1]),
    intTensor(own("places"), [-1, channels, rows.count, rows.size, columns.count, columns.size]),
    intTensor(own("whole"), [-1, channels, height + rows.missing, width + columns.missing]),
    intTensor(own("edges"), [0, 0, 0, 0, 0, 0, rows.missing, columns.missing]),
    intTensor(own("starts"), [0, 0]),
    intTensor(own("ends"), [height, width]),
    intTensor(own("axes"), [2, 3]),
    floatTensor(own("parts"), partsOf(rows, columns), [1, 1, rows.count, 1, columns.count, 1]),
  ];
  const inCells = (tensor: string) => node("Reshape", [tensor, own("cells")], [`${tensor}/in-cells`]);
  /** What the features' gradient makes of the maxima and means of all cells. */
  const sharedOut = (input: string, output: string): NodeProto[] => [
    inCells(gradient(output)),
    inCells(own("maxima")),
    node("Pad", [input, own("edges")], [own("padded")]),
    node("Reshape", [own("padded"), own("places")], [own("places-of-cells")]),
    node("Equal", [own("places-of-cells"), `${own("maxima")}/in-cells`], [own("is-maximum")]),
    node("Cast", [own("is-maximum")], [own("mask")], { to: 1 }),
    node("Mul", [`${gradient(output)}/in-cells`, share], [own("to-maxima")]),
    node("Mul", [own("mask"), own("to-maxima")], [own("by-maxima")]),
    node("Sub", [own("one"), share], [own("rest")]),
    node("Mul", [`${gradient(output)}/in-cells`, own("rest")], [own("to-means")]),
    node("Mul", [own("to-means"), own("parts")], [own("to-places")]),
    node("Add", [own("by-maxima"), own("to-places")], [own("by-both")]),
    node("Reshape", [own("by-both"), own("whole")], [own("with-edges")]),
    node("Slice", [own("with-edges"), own("starts"), own("ends"), own("axes")], [gradient(input)]),
  ];
  return {
    name,
    parameters: [uniform(share, [1], 0.5)],
    constants,
    forward: ({ inputs: [input], output }) => [
      node("MaxPool", [input], [own("maxima")], window),
      node("AveragePool", [input], [own("means")], window),
      node("Sub", [own("maxima"), own("means")], [own("difference")]),
      node("Mul", [own("difference"), share], [own("part")]),
      node("Add", [own("means"), own("part")], [own("mixed")]),
      node("Flatten", [own("mixed")], [output]),
    ],
    backward: ({ inputs: [input], output }, needsInput) => [
      node("Flatten", [own("difference")], [own("flat-difference")]),
      node("Mul", [gradient(output), own("flat-difference")], [own("product")]),
      node("ReduceSum", [own("product"), "axes-01"], [own("sum")], { keepdims: 0 }),
      node("Reshape", [own("sum"), "shape-1"], [gradient(share)]),
      ...(needsInput ? sharedOut(input, output) : []),
    ],
  };
}

/** What a place of each cell has of the cell's mean; the last cells have fewer places. */
function partsOf(rows: Cells, columns: Cells): number[] {
  const places = ({ count, size, missing }: Cells) =>
    Array.from({ length: count }, (_, cell) => (cell === count - 1 ? size - missing : size));
  return places(rows).flatMap((tall) => places(columns).map((wide) => 1 / (tall * wide)));
}
