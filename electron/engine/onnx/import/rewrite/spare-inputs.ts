import { AppError } from "../../../../../shared/base/errors.ts";
import type { Warning } from "../../../../../shared/model/warning.ts";
import type { GraphProto, ValueInfoProto } from "../../gen/onnx_pb.ts";
import { indexGraph } from "../../graph-index.ts";
import { elementBytes, elementCount, elementTypeNumber, numbersTensor } from "../../tensors.ts";
import { describeInputs, describeValue, isReshaped, valueDims, valueType } from "../analysis/image-input.ts";

/** Inputs that are larger together aren't what networks have besides an image. */
const maxBytes = 64e6;

/**
 * Finds the image among a graph's inputs: the only one of three dimensions or more that is read, or else the only flat
 * one that is reshaped.
 * @throws AppError 'model-unsupported' if there is none, or more than one
 */
export function imageAmong(graph: GraphProto, where: string): ValueInfoProto {
  const index = indexGraph(graph);
  const inputs = graph.input.filter(({ name }) => index.consumers.has(name));
  const rank = (input: ValueInfoProto) => valueDims(input)?.length ?? 0;
  const images = inputs.filter((input) => rank(input) >= 3);
  const flat = inputs.filter((input) => rank(input) === 2 && isReshaped(input.name, index));
  const [found, ...others] = inputs.length === 1 ? inputs : images.length > 0 ? images : flat;
  if (found && others.length === 0) return found;
  throw new AppError("model-unsupported", `${where} has ${describeInputs(graph.input)}; expected one image`);
}

/** Takes every input but the image out of a graph and lets zeros stand for it. */
export function zeroSpareInputs(graph: GraphProto, image: string, where: string): ValueInfoProto[] {
  const spare = graph.input.filter(({ name }) => name !== image);
  let bytesLeft = maxBytes;
  for (const input of spare) {
    const type = valueType(input) ?? "string";
    const dims = (valueDims(input) ?? []).map((dim) => dim ?? 1);
    const bytes = elementBytes(elementTypeNumber(type), elementCount(dims));
    bytesLeft -= bytes;
    if (bytes === 0 || !(bytesLeft >= 0))
      throw new AppError(
        "model-unsupported",
        `${where} has ${describeInputs(graph.input)}; expected one image`,
      );
    graph.initializer.push(numbersTensor(input.name, type, new Uint8Array(bytes), dims));
  }
  graph.input = graph.input.filter(({ name }) => name === image);
  return spare;
}

/**
 * Checks, on a graph that holds only what its scores need, that none of it reads the zeros; a switch such as `training`
 * may, for off is what it is here.
 * @throws AppError 'model-unsupported' naming the input that the scores depend on
 */
export function checkSpareInputs(graph: GraphProto, spare: readonly ValueInfoProto[], where: string): void {
  const needed = new Set(graph.initializer.map(({ name }) => name));
  const isSwitch = (input: ValueInfoProto) =>
    valueType(input) === "bool" && elementCount((valueDims(input) ?? []).map((dim) => dim ?? 1)) === 1;
  const read = spare.find((input) => needed.has(input.name) && !isSwitch(input));
  if (!read) return;
  throw new AppError(
    "model-unsupported",
    `${where} reads ${describeValue(read)} beside the image, and its scores depend on it; expected one image: ` +
      "export it with that input held at its value",
  );
}

export function spareInputWarnings(spare: readonly ValueInfoProto[]): Warning[] {
  if (spare.length === 0) return [];
  const isOne = spare.length === 1;
  const listed = isOne ? `the input ${describeValue(spare[0])}` : describeInputs(spare);
  const [are, them] = isOne ? ["it is", "it"] : ["they are", "them"];
  const text = `besides the image the model has ${listed}: ${are} held at zero here, and exports go without ${them}`;
  return [{ code: "spare-input", text }];
}
