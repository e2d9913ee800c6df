import { formatBytes } from "../../../shared/base/format-number.ts";
import type { WeightView } from "../../../shared/ipc/weights.ts";
import { encodeNpy, type NpyData } from "../base/npy.ts";
import type { GraphProto, NodeProto, TensorProto } from "../onnx/gen/onnx_pb.ts";
import { elementCount, elementTypeName, tensorBytes, tensorNumbers } from "../onnx/tensors.ts";

const bins = 32;
/** Shown in full up to this many elements. */
const mostShown = 64;
/** A histogram of more would take seconds and say the same. */
const mostCounted = 4_000_000;
/** What is saved goes through the window, whose requests are bounded. */
const mostSavedBytes = 48_000_000;

/** How NumPy holds what ONNX calls so; half floats become float32, as NumPy reads them into most libraries anyway. */
const arrayTypes: Readonly<Record<string, (numbers: Float64Array) => NpyData>> = {
  float32: (numbers) => Float32Array.from(numbers),
  float16: (numbers) => Float32Array.from(numbers),
  float64: (numbers) => numbers,
  uint8: (numbers) => Uint8Array.from(numbers),
  bool: (numbers) => Uint8Array.from(numbers),
  int8: (numbers) => Int8Array.from(numbers),
  uint16: (numbers) => Uint16Array.from(numbers),
  int16: (numbers) => Int16Array.from(numbers),
  uint32: (numbers) => Uint32Array.from(numbers),
  int32: (numbers) => Int32Array.from(numbers),
  int64: (numbers) => BigInt64Array.from(numbers, BigInt),
};

/** The constants that a node reads, in the order in which it does: initializers, and what Constant nodes make. */
export function weightsOf(graph: GraphProto, { input }: NodeProto): TensorProto[] {
  return input.flatMap((name) => {
    const stored = graph.initializer.find((tensor) => tensor.name === name);
    if (stored) return stored;
    const maker = graph.node.find(({ opType, output }) => opType === "Constant" && output.includes(name));
    const made = maker?.attribute.find(({ t }) => t !== undefined)?.t;
    return made ? { ...made, name } : [];
  });
}

export function describeWeight(tensor: TensorProto): WeightView {
  const numbers = tensorNumbers(tensor, mostCounted);
  const shape = tensor.dims.map(Number);
  const count = elementCount(shape);
  return {
    name: tensor.name,
    type: elementTypeName(tensor.dataType) ?? "unknown",
    shape,
    ...(numbers.length > 0 ? { numbers: describeNumbers(numbers) } : {}),
    ...(numbers.length === count && count <= mostShown ? { values: [...numbers] } : {}),
    ...unsaved(tensor),
  };
}

function unsaved(tensor: TensorProto): Pick<WeightView, "unsaved"> {
  const type = elementTypeName(tensor.dataType) ?? "unknown";
  if (!arrayTypes[type]) return { unsaved: `NumPy has no type for ${type}` };
  const bytes = tensorBytes(tensor);
  return bytes > mostSavedBytes
    ? {
        unsaved: `it takes ${formatBytes(bytes)}, above ${formatBytes(mostSavedBytes)}: take it from the model`,
      }
    : {};
}

/** The whole weight as a .npy file. */
export function weightFile(tensor: TensorProto): Uint8Array<ArrayBuffer> {
  const type = elementTypeName(tensor.dataType) ?? "unknown";
  const data = arrayTypes[type](tensorNumbers(tensor));
  return new Uint8Array(encodeNpy({ shape: tensor.dims.map(Number), data }));
}

function describeNumbers(all: Float64Array): NonNullable<WeightView["numbers"]> {
  const finite = all.filter(Number.isFinite);
  const [minimum, maximum] = finite.reduce(
    ([low, high], number) => [Math.min(low, number), Math.max(high, number)],
    finite.length > 0 ? [finite[0], finite[0]] : [0, 0],
  );
  const mean = finite.reduce((sum, number) => sum + number, 0) / Math.max(1, finite.length);
  const squares = finite.reduce((sum, number) => sum + (number - mean) ** 2, 0);
  return {
    counted: all.length,
    broken: all.length - finite.length,
    minimum,
    maximum,
    mean,
    deviation: Math.sqrt(squares / Math.max(1, finite.length)),
    histogram: countInBins(finite, minimum, maximum),
  };
}

/** Where all are the same there is one bin. */
function countInBins(numbers: Float64Array, minimum: number, maximum: number): number[] {
  const width = (maximum - minimum) / bins;
  if (!(width > 0)) return [numbers.length];
  const counts = new Array<number>(bins).fill(0);
  for (const number of numbers) counts[Math.min(bins - 1, Math.floor((number - minimum) / width))]++;
  return counts;
}
