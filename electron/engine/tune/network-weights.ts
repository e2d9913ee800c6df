import { AppError } from "../../../shared/base/errors.ts";
import type { ByteRange } from "../base/byte-range.ts";
import { type NpyArray, readNpy } from "../base/npy.ts";
import { encodeNpz, openNpz } from "../base/npz.ts";
import type { TensorProto } from "../onnx/gen/onnx_pb.ts";
import { floatTensor, tensorNumbers } from "../onnx/tensors.ts";
import type { NetworkWeight } from "./network/python/python-layers.ts";

const float32 = 1;
const int64 = 7;

/** `weights.npz`: every tensor of the module by its name in `state_dict`, as PyTorch has it. */
export function encodeWeights(weights: readonly NetworkWeight[]): Uint8Array {
  return encodeNpz(Object.fromEntries(weights.map((weight) => [weight.key, arrayOf(weight)])));
}

function arrayOf({ tensor, dims, transposed }: NetworkWeight): NpyArray {
  if (tensor.dataType === int64)
    return { shape: dims, data: BigInt64Array.from(tensorNumbers(tensor), (value) => BigInt(value)) };
  const stored = floatNumbers(tensor);
  return { shape: dims, data: transposed ? turned(stored, dims[1], dims[0]) : stored };
}

/** The numbers of a tensor; where they stand as PyTorch has them, too, without a copy. */
function floatNumbers(tensor: TensorProto): Float32Array {
  const { rawData, dataType } = tensor;
  const isAligned = rawData.byteOffset % Float32Array.BYTES_PER_ELEMENT === 0;
  if (dataType === float32 && rawData.length > 0 && isAligned)
    return new Float32Array(
      rawData.buffer,
      rawData.byteOffset,
      rawData.length / Float32Array.BYTES_PER_ELEMENT,
    );
  return Float32Array.from(tensorNumbers(tensor));
}

/** A matrix [rows, columns] with its axes exchanged. */
function turned(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column];
  return result;
}

/**
 * Reads what training wrote: the same tensors with other numbers.
 * @returns new tensors by the names that the graph knows them by; those that stay as they are are left out
 * @throws AppError 'file-invalid' if one is missing, of another shape or type, or not a number
 */
export async function readWeights(
  range: ByteRange,
  weights: readonly NetworkWeight[],
): Promise<ReadonlyMap<string, TensorProto>> {
  const archive = await openNpz(range);
  const read = new Map<string, TensorProto>();
  for (const weight of weights) {
    const { key, tensor, dims, isFixed, sharedWith } = weight;
    if (isFixed || sharedWith !== undefined) continue;
    if (!archive.names.includes(key)) throw invalid(range, `has no '${key}'`);
    const { shape, data } = await readNpy(await archive.member(key));
    if (!(data instanceof Float32Array)) throw invalid(range, `'${key}' must be float32`);
    if (String(shape) !== String(dims)) throw invalid(range, `'${key}' is [${shape}], expected [${dims}]`);
    if (!data.every(Number.isFinite))
      throw invalid(range, `'${key}' holds numbers that aren't finite: training went astray`);
    const values = weight.transposed ? turned(data, dims[0], dims[1]) : data;
    read.set(tensor.name, floatTensor(tensor.name, values, tensor.dims.map(Number)));
  }
  return read;
}

function invalid({ where }: ByteRange, what: string): AppError {
  return new AppError(
    "file-invalid",
    `${where}: ${what}; expected what train.py writes for this project's network`,
  );
}
