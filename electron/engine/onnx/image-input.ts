import type { BackboneInput } from "../../../shared/domain/backbone.ts";
import { AppError } from "../../../shared/errors.ts";
import { imageDims } from "./backbone.ts";
import type { GraphProto, TensorShapeProto_Dimension, ValueInfoProto } from "./gen/onnx_pb.ts";
import type { GraphIndex } from "./graph-index.ts";
import { elementTypeName } from "./tensors.ts";

/** Height and width to use where the model leaves them open. */
export type InputSize = readonly [height: number, width: number];

const imageTypes: readonly string[] = ["float32", "float16", "uint8"];
const imageChannels: readonly number[] = [1, 3, 4];

/**
 * Finds the one image that a model reads.
 * @param size height and width, needed if the model leaves them open
 * @throws AppError 'model-unsupported' if the model reads anything but one image, or its size is open and not
 *   given; 'usage' if the size given is not the model's
 */
export function findImageInput(
  graph: GraphProto,
  index: GraphIndex,
  where: string,
  size?: InputSize,
): BackboneInput {
  const input = onlyInput(graph, index, where);
  const type = imageType(input, where);
  const dims = declaredDims(input, where);
  const channelsAt = channelAxis(dims);
  const channels = dims[channelsAt] ?? channelsOfFirstConvolution(index);
  if (!imageChannels.includes(channels)) throw unsupported(where, input, "1, 3 or 4 channels");
  if (dims[0] !== undefined && dims[0] > 1)
    throw unsupported(where, input, "batch size 1 or an open one; export it again with a dynamic batch axis");
  const [heightAt, widthAt] = channelsAt === 1 ? [2, 3] : [1, 2];
  const [height, width] = imageSize(dims[heightAt], dims[widthAt], where, input, size);
  const layout = channelsAt === 1 ? "NCHW" : "NHWC";
  return { name: input.name, type, layout, channels, height, width, dynamicBatch: dims[0] === undefined };
}

/** Writes channels, height and width into the graph's input, so that exports are for the size analysed here. */
export function fixImageSize(graph: GraphProto, image: BackboneInput): void {
  const type = graph.input.find((input) => input.name === image.name)?.type?.value;
  if (type?.case !== "tensorType") return;
  imageDims({ input: image }, 1).forEach((dim, axis) => {
    if (axis > 0) type.value.shape!.dim[axis].value = { case: "dimValue", value: BigInt(dim) };
  });
}

function onlyInput(graph: GraphProto, index: GraphIndex, where: string): ValueInfoProto {
  const inputs = graph.input.filter((input) => !index.initializers.has(input.name));
  if (inputs.length === 1) return inputs[0];
  const found = inputs.map(describeValue).join(", ") || "none";
  throw new AppError(
    "model-unsupported",
    `${where} has ${inputs.length} inputs (${found}); expected one image`,
  );
}

function imageType(input: ValueInfoProto, where: string): BackboneInput["type"] {
  const type = valueType(input);
  if (type === "float32" || type === "float16" || type === "uint8") return type;
  throw unsupported(where, input, `an image of ${imageTypes.join(", ")}`);
}

/** Undefined where the model leaves a dimension open. */
function declaredDims(input: ValueInfoProto, where: string): (number | undefined)[] {
  const dims = valueDims(input);
  if (dims?.length !== 4) throw unsupported(where, input, "an image of 4 dimensions");
  return dims;
}

/** Channels come second unless only the last axis can be them. */
function channelAxis(dims: readonly (number | undefined)[]): 1 | 3 {
  const canBe = (dim: number | undefined) => dim !== undefined && imageChannels.includes(dim);
  return !canBe(dims[1]) && canBe(dims[3]) ? 3 : 1;
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

function valueType({ type }: ValueInfoProto): string | undefined {
  return type?.value.case === "tensorType" ? elementTypeName(type.value.value.elemType) : undefined;
}

function valueDims({ type }: ValueInfoProto): (number | undefined)[] | undefined {
  return type?.value.case === "tensorType" ? type.value.value.shape?.dim.map(dimension) : undefined;
}

/** Some exporters write 0 for an open dimension. */
function dimension({ value }: TensorShapeProto_Dimension): number | undefined {
  return value.case === "dimValue" && value.value > 0n ? Number(value.value) : undefined;
}
