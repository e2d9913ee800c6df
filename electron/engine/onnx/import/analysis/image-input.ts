import { AppError } from "../../../../../shared/base/errors.ts";
import type { BackboneInput } from "../../../../../shared/model/backbone.ts";
import type {
  GraphProto,
  NodeProto,
  TensorShapeProto_Dimension,
  TypeProto_Tensor,
  ValueInfoProto,
} from "../../gen/onnx_pb.ts";
import type { GraphIndex } from "../../graph-index.ts";
import type { ImageType, ProbeInput } from "../../probe/model-probe-protocol.ts";
import { elementCount, elementTypeName, tensorNumbers } from "../../tensors.ts";
import type { TensorTable } from "./costs.ts";
import { listInShort } from "./list-in-short.ts";

/** Height and width to use where the model leaves them open. */
export type InputSize = readonly [height: number, width: number];

const imageTypes: readonly ImageType[] = ["float32", "float16", "float64", "uint8", "int8", "int32"];
const imageChannels: readonly number[] = [1, 3, 4];

/** An image input as the model declares it. */
export interface DeclaredImage extends ProbeInput {
  /** The number of images that the model wants at once; undefined if that is open. */
  readonly batch: number | undefined;
  /** Whether the model leaves height or width to whoever opens it. */
  readonly isSizeOpen: boolean;
}

/**
 * Finds the one image that a model reads.
 * @param input as imageAmong finds it
 * @param size height and width, needed if the model leaves them open
 * @returns its dims at batch 1, for an image [N, C, H, W], [N, H, W, C], [N, H, W], [C, H, W] or [N, values]
 * @throws AppError 'model-unsupported' if the model reads no image, or its size is open and not given; 'usage' if the
 *   size given is not the model's
 */
export function findImageInput(
  input: ValueInfoProto,
  index: GraphIndex,
  where: string,
  size?: InputSize,
): DeclaredImage {
  const type = imageType(input, where);
  const declared = valueDims(input) ?? [];
  const axes = sizeAxes(declared, isTurnedAtOnce(input.name, index));
  if (!axes) throw unsupported(where, input, "an image of 4 dimensions, of 3, or flat");
  const sized = withSize(declared, axes, index, input, where, size);
  const batch = isUnbatched(declared) ? 1 : declared[0];
  const dims = isUnbatched(declared) ? sized : [1, ...sized.slice(1)];
  const isSizeOpen = [axes.heightAt, axes.widthAt].some(
    (at) => at !== undefined && declared[at] === undefined,
  );
  return { name: input.name, type, dims, batch, isSizeOpen };
}

export function describeInputs(inputs: readonly ValueInfoProto[]): string {
  return `${inputs.length} inputs (${listInShort(inputs, describeValue) || "none"})`;
}

/** Writes an input's dims into the graph, so that exports are for the size analysed here, and opens a fixed batch. */
export function fixImageSize(graph: GraphProto, { name, dims, batch }: DeclaredImage): void {
  const type = tensorType(graph.input.find((input) => input.name === name)!);
  dims.forEach((dim, axis) => {
    const declared = type!.shape!.dim[axis];
    const isOpen = axis === 0 && batch !== 1;
    if (!isOpen) declared.value = { case: "dimValue", value: BigInt(dim) };
    else if (declared.value.case !== "dimParam") declared.value = { case: "dimParam", value: "batch" };
  });
}

/**
 * What the axes of an image input are.
 * @param tensors observed: a flat input is an image if the graph reshapes it to one
 * @throws AppError 'model-unsupported' if it is no image of 1, 3 or 4 channels
 */
export function describeImage(
  { name, type, dims }: DeclaredImage,
  index: GraphIndex,
  tensors: TensorTable,
  where: string,
): Omit<BackboneInput, "dynamicBatch"> {
  const image = imageAxes(dims, name, index, tensors);
  if (!image || !imageChannels.includes(image.channels))
    throw new AppError(
      "model-unsupported",
      `${where} reads ${name}: ${type} [${dims.join(", ")}]; expected an image of 1, 3 or 4 channels, as ` +
        "[batch, channels, height, width], [batch, height, width, channels] or [batch, height, width], or flat and reshaped to one",
    );
  const own = dims.length === 4 ? {} : { dims };
  const quantisation = type === "int8" ? quantisationOfInput(index, name) : undefined;
  return { name, type, ...image, ...own, ...(quantisation ? { quantisation } : {}) };
}

type ImageAxes = Pick<BackboneInput, "layout" | "channels" | "height" | "width">;

function imageAxes(
  dims: readonly number[],
  name: string,
  index: GraphIndex,
  tensors: TensorTable,
): ImageAxes | undefined {
  if (dims.length === 4) return fourAxes(dims);
  if (dims.length === 3) return dims[0] === 1 ? fourAxes([1, 1, dims[1], dims[2]]) : fourAxes([1, ...dims]);
  const reshaped = dims.length === 2 ? reshapedTo(name, dims, index, tensors) : undefined;
  return reshaped && fourAxes(reshaped);
}

function fourAxes(dims: readonly number[]): ImageAxes {
  const [, second, third, fourth] = dims;
  return channelAxis(dims) === 1
    ? { layout: "NCHW", channels: second, height: third, width: fourth }
    : { layout: "NHWC", channels: fourth, height: second, width: third };
}

/** The image [1, C, H, W] or [1, H, W, C] that a flat input becomes before any operator with weights. */
function reshapedTo(
  input: string,
  dims: readonly number[],
  index: GraphIndex,
  tensors: TensorTable,
): readonly number[] | undefined {
  const values = elementCount(dims);
  for (const { output } of soleReaders(input, index)) {
    const found = tensors.get(output[0])?.dims ?? [];
    if (elementCount(found) !== values) return undefined;
    if (found.length === 4 && found[0] === 1) return found;
  }
  return undefined;
}

/** Whether a Reshape comes before the way from the input forks. */
export function isReshaped(input: string, index: GraphIndex): boolean {
  return soleReaders(input, index).some(({ opType }) => opType === "Reshape");
}

/** What happens to an image first happens within fewer operators. */
const longestStart = 100;

/** The nodes that read a tensor, what comes of it, and so on, as long as there is just one. */
function soleReaders(tensor: string, { consumers, carriesInput, nodes }: GraphIndex): NodeProto[] {
  const found: NodeProto[] = [];
  for (let name = tensor; found.length < longestStart; [name] = found[found.length - 1].output) {
    const readers = (consumers.get(name) ?? []).filter((number) => carriesInput[number]);
    if (readers.length !== 1) return found;
    found.push(nodes[readers[0]]);
  }
  return found;
}

/** Channels come second unless only the last axis can be them. */
function channelAxis(dims: readonly (number | undefined)[]): 1 | 3 {
  const canBe = (dim: number | undefined) => dim !== undefined && imageChannels.includes(dim);
  return !canBe(dims[1]) && canBe(dims[3]) ? 3 : 1;
}

/** How an integer image becomes floats, where that is the first thing that happens to it. */
function quantisationOfInput(index: GraphIndex, name: string): BackboneInput["quantisation"] {
  const readers = (index.consumers.get(name) ?? []).map((number) => index.nodes[number]);
  const reader = readers.find(({ opType }) => opType === "DequantizeLinear" || opType === "QLinearConv");
  const [scale, zeroPoint] = (reader?.input.slice(1, 3) ?? []).map((constant) =>
    index.initializers.get(constant),
  );
  if (!scale || elementCount(scale.dims) !== 1) return undefined;
  return {
    scale: tensorNumbers(scale, 1)[0],
    zeroPoint: zeroPoint ? tensorNumbers(zeroPoint, 1)[0] : 0,
  };
}

function imageType(input: ValueInfoProto, where: string): ImageType {
  const type = imageTypes.find((known) => known === valueType(input));
  if (type) return type;
  throw unsupported(where, input, `an image of ${imageTypes.join(", ")}`);
}

/** [C, H, W] or [H, W, C] without a batch. */
function isUnbatched(dims: readonly (number | undefined)[]): boolean {
  const [first, , last] = dims;
  return (
    dims.length === 3 && ((first !== undefined && first !== 1 && imageChannels.includes(first)) || last === 3)
  );
}

/** The dims with what the model leaves open filled in, the batch apart. */
function withSize(
  dims: readonly (number | undefined)[],
  { heightAt, widthAt, channelsAt }: SizeAxes,
  index: GraphIndex,
  input: ValueInfoProto,
  where: string,
  size?: InputSize,
): number[] {
  const found = dims.map((dim) => dim ?? 1);
  if (channelsAt !== undefined) {
    found[channelsAt] = dims[channelsAt] ?? channelsOfFirstConvolution(index);
    if (!imageChannels.includes(found[channelsAt])) throw unsupported(where, input, "1, 3 or 4 channels");
  }
  if (heightAt === undefined || widthAt === undefined) {
    if (dims[1] === undefined || !isReshaped(input.name, index))
      throw unsupported(where, input, "an image of 4 dimensions, or values that the graph reshapes to one");
    return found;
  }
  [found[heightAt], found[widthAt]] = imageSize(dims[heightAt], dims[widthAt], where, input, size);
  return found;
}

/** Where height, width and channels stand; none in a flat input. */
interface SizeAxes {
  readonly heightAt?: number;
  readonly widthAt?: number;
  readonly channelsAt?: number;
}

/**
 * Undefined for what can't be an image.
 * @param isTurned whether the graph takes the image for [N, H, W, C], where its dims leave that open
 */
function sizeAxes(dims: readonly (number | undefined)[], isTurned: boolean): SizeAxes | undefined {
  switch (dims.length) {
    case 2:
      return {};
    case 3:
      if (!isUnbatched(dims)) return { heightAt: 1, widthAt: 2 };
      return dims[2] === 3
        ? { heightAt: 0, widthAt: 1, channelsAt: 2 }
        : { heightAt: 1, widthAt: 2, channelsAt: 0 };
    case 4:
      return channelAxis(dims) === 1 && !(isTurned && dims[1] === undefined && dims[3] === undefined)
        ? { channelsAt: 1, heightAt: 2, widthAt: 3 }
        : { heightAt: 1, widthAt: 2, channelsAt: 3 };
    default:
      return undefined;
  }
}

/** Whether the first thing that moves the image's axes brings the last of four to second place. */
function isTurnedAtOnce(input: string, index: GraphIndex): boolean {
  const reader = soleReaders(input, index).find(({ opType }) => /Transpose|Conv|Reshape/.test(opType));
  const order = reader?.attribute.find(({ name }) => name === "perm")?.ints.join();
  return order === "0,3,1,2";
}

/** What the first convolution reads; 3 if its weights are computed. */
function channelsOfFirstConvolution({ nodes, initializers }: GraphIndex): number {
  const first = nodes.find((node) => node.opType === "Conv" && initializers.has(node.input[1]));
  if (!first) return 3;
  const group = first.attribute.find(({ name }) => name === "group")?.i ?? 1n;
  return Number(initializers.get(first.input[1])!.dims[1] * group);
}

function imageSize(
  height: number | undefined,
  width: number | undefined,
  where: string,
  input: ValueInfoProto,
  size?: InputSize,
): InputSize {
  const [askedHeight, askedWidth] = size ?? [];
  if ((height ?? askedHeight) !== (askedHeight ?? height) || (width ?? askedWidth) !== (askedWidth ?? width))
    throw new AppError(
      "usage",
      `${where} takes images of ${height ?? "any"}x${width ?? "any"}, not ${askedHeight}x${askedWidth}`,
    );
  const found = [height ?? askedHeight, width ?? askedWidth];
  if (found[0] === undefined || found[1] === undefined)
    throw new AppError("model-unsupported", `${where} leaves the image size open (${describeValue(input)})`, {
      missing: "inputSize",
    });
  return [found[0], found[1]];
}

function unsupported(where: string, input: ValueInfoProto, expected: string): AppError {
  return new AppError("model-unsupported", `${where} reads ${describeValue(input)}; expected ${expected}`);
}

/** For messages: name, type and shape. */
export function describeValue(value: ValueInfoProto): string {
  const dims = valueDims(value)?.map((dim) => dim ?? "?") ?? ["unknown shape"];
  return `${value.name}: ${valueType(value) ?? "not a tensor"} [${dims.join(", ")}]`;
}

function tensorType({ type }: ValueInfoProto): TypeProto_Tensor | undefined {
  return type?.value.case === "tensorType" ? type.value.value : undefined;
}

export function valueType(value: ValueInfoProto): string | undefined {
  const type = tensorType(value);
  return type && elementTypeName(type.elemType);
}

/** Undefined where the model leaves a dimension open. */
export function valueDims(value: ValueInfoProto): (number | undefined)[] | undefined {
  return tensorType(value)?.shape?.dim.map(dimension);
}

/** Some exporters write 0 for an open dimension. */
function dimension({ value }: TensorShapeProto_Dimension): number | undefined {
  return value.case === "dimValue" && value.value > 0n ? Number(value.value) : undefined;
}
