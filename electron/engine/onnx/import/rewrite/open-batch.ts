import { constantNumbers } from "../../constant-values.ts";
import type { GraphProto, NodeProto, TensorProto } from "../../gen/onnx_pb.ts";
import { node } from "../../graph-builder.ts";
import { freshPrefix, type GraphIndex, indexGraph, isConstant } from "../../graph-index.ts";
import { elementBytes, elementCount, elementTypeName, intTensor, numbersTensor } from "../../tensors.ts";

/** A graph whose batch is being opened. */
interface OpenedGraph {
  readonly index: GraphIndex;
  /** The number of images that it was exported for. */
  readonly batch: number;
  /** Prefix of the names of what is made here. */
  readonly own: string;
  /** Constants that are made here. */
  readonly initializers: TensorProto[];
  /** Whether a constant holds the same for each image, by its name. */
  readonly repeated: Map<string, boolean>;
  /** What stands for a constant that does: the same once. */
  readonly rows: Map<string, string>;
}

/** Operators that repeat an operand of size 1 along an axis. */
const broadcasting: readonly string[] = ["Add", "Sub", "Mul", "Div", "Where", "Max", "Min", "Pow"];

/**
 * Opens the batch of a graph that was exported for a fixed number of images: what is reshaped to that number of rows, or
 * to a multiple, is reshaped to as many as come instead, and what was repeated for each image, such as a class token,
 * is repeated for each that comes. Whether that was all that stood in the way is for the probe to find out.
 * @param image name of the image input, batch first
 */
export function openBatch(graph: GraphProto, image: string, batch: number): void {
  const index = indexGraph(graph);
  const own = freshPrefix(index, "offramp/open");
  const opened: OpenedGraph = {
    index,
    batch,
    own,
    initializers: graph.initializer,
    repeated: new Map(),
    rows: new Map(),
  };
  const nodes = graph.node.flatMap((item, number) =>
    index.carriesInput[number] ? [...openNode(item, opened), item] : item,
  );
  graph.node = [...imageCount(image, opened), ...nodes];
  for (const { type } of graph.output)
    if (type?.value.case === "tensorType") type.value.value.shape = undefined;
}

/** The number of images, int64 [1] `own/images`, and a 0 for each, int64 [N] `own/zeros`. */
function imageCount(image: string, { own, initializers }: OpenedGraph): NodeProto[] {
  initializers.push(intTensor(`${own}/first`, [0]));
  return [
    node("Shape", [image], [`${own}/shape`]),
    node("Gather", [`${own}/shape`, `${own}/first`], [`${own}/images`], { axis: 0 }),
    node("ConstantOfShape", [`${own}/images`], [`${own}/zeros`], { value: intTensor("zero", [0]) }),
  ];
}

/** Lets a node take as many images as come. @returns nodes that it needs before it */
function openNode(item: NodeProto, opened: OpenedGraph): NodeProto[] {
  if (item.opType === "Reshape" || item.opType === "Expand") return openShape(item, opened);
  if (item.opType === "Concat") return openJoined(item, opened);
  if (broadcasting.includes(item.opType)) shareRows(item, opened);
  return [];
}

/** What makes as many rows as there were images, or a multiple, along its first axis, or else its second. */
function openShape(item: NodeProto, { index, batch, own, initializers }: OpenedGraph): NodeProto[] {
  const shape = constantNumbers(index, item.input[1]);
  const axis = shape?.findIndex((size) => size > 0 && size % batch === 0) ?? -1;
  // A first axis of -1 or 0 takes as many as come already.
  if (!shape || shape[0] <= 0 || axis < 0 || axis > 1) return [];
  const [before, perImage, after, rows, opened] = ["before", "per-image", "after", "rows", "dims"].map(
    (word) => `${own}/${word}/${item.output[0]}`,
  );
  initializers.push(
    intTensor(before, shape.slice(0, axis)),
    intTensor(perImage, [shape[axis] / batch]),
    intTensor(after, shape.slice(axis + 1)),
  );
  item.input[1] = opened;
  return [
    node("Mul", [`${own}/images`, perImage], [rows]),
    node("Concat", [before, rows, after], [opened], { axis: 0 }),
  ];
}

/** What is joined to features along another axis than the first has a row for each image. */
function openJoined(item: NodeProto, opened: OpenedGraph): NodeProto[] {
  const axis = Number(item.attribute.find(({ name }) => name === "axis")?.i ?? 0n);
  if (axis === 0) return [];
  return item.input.flatMap((name, at) => {
    if (!isRepeated(name, opened)) return [];
    item.input[at] = `${opened.own}/${at}/${item.output[0]}`;
    return node("Gather", [name, `${opened.own}/zeros`], [item.input[at]], { axis: 0 });
  });
}

/** An operand that holds the same for each image need hold it only once. */
function shareRows(item: NodeProto, opened: OpenedGraph): void {
  item.input.forEach((name, at) => {
    const stored = opened.index.initializers.get(name);
    if (stored && repeatsRow(stored, opened))
      item.input[at] = opened.rows.get(name) ?? shareRow(stored, opened);
  });
}

/** Adds one row of a constant as a constant of its own. @returns its name */
function shareRow(stored: TensorProto, { own, initializers, rows }: OpenedGraph): string {
  const name = `${own}/row/${stored.name}`;
  const dims = [1, ...stored.dims.slice(1).map(Number)];
  const bytes = stored.rawData.subarray(0, elementBytes(stored.dataType, elementCount(dims)));
  initializers.push(numbersTensor(name, elementTypeName(stored.dataType)!, bytes, dims));
  rows.set(stored.name, name);
  return name;
}

/** Whether a constant holds the same for each image: it is stored so, or made so out of what is there once. */
function isRepeated(name: string, opened: OpenedGraph): boolean {
  const { index } = opened;
  const stored = index.initializers.get(name);
  if (stored) return repeatsRow(stored, opened);
  const maker = index.nodes[index.producer.get(name) ?? -1];
  if (maker?.opType !== "Expand" || !isConstant(index, name)) return false;
  return index.initializers.get(maker.input[0])?.dims[0] === 1n;
}

/** Whether a constant is [rows, ...] and holds in each row the same bytes; looked at once, however many read it. */
function repeatsRow(stored: TensorProto, { batch, repeated }: OpenedGraph): boolean {
  const answer = repeated.get(stored.name) ?? hasEqualRows(stored, batch);
  repeated.set(stored.name, answer);
  return answer;
}

function hasEqualRows({ dims, dataType, rawData }: TensorProto, rows: number): boolean {
  if (dims.length < 2 || dims[0] !== BigInt(rows)) return false;
  const rowBytes = elementBytes(dataType, elementCount(dims.slice(1)));
  const isWhole = rowBytes > 0 && rawData.length === rows * rowBytes;
  return isWhole && rawData.every((byte, at) => at < rowBytes || byte === rawData[at - rowBytes]);
}
