import { create } from "@bufbuild/protobuf";
import { AppError } from "../../../shared/base/errors.ts";
import { type TensorProto, TensorProto_DataType, TensorProtoSchema } from "./gen/onnx_pb.ts";
import { halfValue } from "./half-float.ts";

/** Element types by ONNX number: name as people write it, and bits per element (0: not of fixed size). */
const elementTypes: Readonly<Record<number, readonly [name: string, bits: number]>> = {
  1: ["float32", 32],
  2: ["uint8", 8],
  3: ["int8", 8],
  4: ["uint16", 16],
  5: ["int16", 16],
  6: ["int32", 32],
  7: ["int64", 64],
  8: ["string", 0],
  9: ["bool", 8],
  10: ["float16", 16],
  11: ["float64", 64],
  12: ["uint32", 32],
  13: ["uint64", 64],
  14: ["complex64", 64],
  15: ["complex128", 128],
  16: ["bfloat16", 16],
  17: ["float8e4m3fn", 8],
  18: ["float8e4m3fnuz", 8],
  19: ["float8e5m2", 8],
  20: ["float8e5m2fnuz", 8],
  21: ["uint4", 4],
  22: ["int4", 4],
  23: ["float4e2m1", 4],
};

export function elementTypeName(type: number): string | undefined {
  return elementTypes[type]?.[0];
}

export function elementTypeNumber(name: string): number {
  const entry = Object.entries(elementTypes).find(([, [typeName]]) => typeName === name);
  if (!entry) throw new AppError("internal", `unknown element type ${name}`);
  return Number(entry[0]);
}

/** Bytes that `count` elements take; 0 for strings. */
export function elementBytes(type: number, count: number): number {
  return Math.ceil(((elementTypes[type]?.[1] ?? 0) * count) / 8);
}

export function elementCount(dims: readonly (bigint | number)[]): number {
  return dims.reduce<number>((product, dim) => product * Number(dim), 1);
}

/** Bytes that a constant holds; 0 for strings. */
export function tensorBytes(tensor: TensorProto): number {
  return elementBytes(tensor.dataType, elementCount(tensor.dims));
}

function copyBytes(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
}

export function floatTensor(
  name: string,
  values: ArrayLike<number>,
  dims: readonly number[] = [values.length],
): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: TensorProto_DataType.FLOAT,
    dims: dims.map(BigInt),
    rawData: copyBytes(Float32Array.from(values)),
  });
}

/** Numbers as ONNX Runtime gave them, whatever their type. */
export function numbersTensor(
  name: string,
  type: string,
  values: ArrayBufferView,
  dims: readonly number[],
): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: elementTypeNumber(type),
    dims: dims.map(BigInt),
    rawData: copyBytes(values),
  });
}

export function boolTensor(name: string, value: boolean): TensorProto {
  return numbersTensor(name, "bool", Uint8Array.of(value ? 1 : 0), []);
}

export function intTensor(
  name: string,
  values: ArrayLike<number>,
  dims: readonly number[] = [values.length],
): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: TensorProto_DataType.INT64,
    dims: dims.map(BigInt),
    rawData: copyBytes(BigInt64Array.from(values, BigInt)),
  });
}

/** How one element of the raw data is read, by type. */
const rawReaders: Readonly<Record<string, (data: DataView, at: number) => number>> = {
  float32: (data, at) => data.getFloat32(at, true),
  float64: (data, at) => data.getFloat64(at, true),
  float16: (data, at) => halfValue(data.getUint16(at, true)),
  uint8: (data, at) => data.getUint8(at),
  int8: (data, at) => data.getInt8(at),
  bool: (data, at) => data.getUint8(at),
  uint16: (data, at) => data.getUint16(at, true),
  int16: (data, at) => data.getInt16(at, true),
  uint32: (data, at) => data.getUint32(at, true),
  int32: (data, at) => data.getInt32(at, true),
  int64: (data, at) => Number(data.getBigInt64(at, true)),
  uint64: (data, at) => Number(data.getBigUint64(at, true)),
};

/**
 * The numbers of a checked constant, however they are stored; none for strings and for types that JavaScript lacks.
 * @param most how many of them, from the first on: who asks for a shape or a scale must not read a million weights
 */
export function tensorNumbers(tensor: TensorProto, most = Number.POSITIVE_INFINITY): Float64Array {
  const type = elementTypeName(tensor.dataType) ?? "";
  const { rawData, floatData, doubleData, int32Data, int64Data, uint64Data } = tensor;
  const read = rawReaders[type];
  if (!read) return new Float64Array();
  if (rawData.length > 0) {
    const data = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
    const size = elementBytes(tensor.dataType, 1);
    const numbers = new Float64Array(Math.min(Math.floor(rawData.length / size), most));
    for (let index = 0; index < numbers.length; index++) numbers[index] = read(data, index * size);
    return numbers;
  }
  const typed = [floatData, doubleData, int64Data, uint64Data].find(({ length }) => length > 0) ?? int32Data;
  const wanted: readonly (number | bigint)[] = typed.length > most ? typed.slice(0, most) : typed;
  const numbers = Float64Array.from(wanted, Number);
  return type === "float16" ? numbers.map(halfValue) : numbers;
}

export interface StoredElements {
  readonly expected: number;
  readonly present: number;
  /** What the two counts count. */
  readonly unit: string;
}

/** How much of a constant the model's own bytes hold, against what its shape and type ask for. */
export function storedElements(tensor: TensorProto): StoredElements {
  const count = elementCount(tensor.dims);
  const typed = typedElements(tensor);
  if (tensor.rawData.length > 0 && typed === 0)
    return { expected: tensorBytes(tensor), present: tensor.rawData.length, unit: "bytes" };
  return {
    expected: typedCount(tensor.dataType, count),
    present: typed + tensor.rawData.length,
    unit: "values",
  };
}

/** Entries in the typed fields, only one of which ONNX lets a constant use. */
function typedElements(tensor: TensorProto): number {
  const { floatData, int32Data, int64Data, doubleData, uint64Data, stringData } = tensor;
  const fields = [floatData, int32Data, int64Data, doubleData, uint64Data, stringData];
  return fields.reduce((sum, field) => sum + field.length, 0);
}

/** Entries that a typed field needs: complex numbers take two, a pair of 4-bit integers takes one. */
function typedCount(type: number, count: number): number {
  const name = elementTypeName(type) ?? "";
  if (name.startsWith("complex")) return 2 * count;
  return elementTypes[type]?.[1] === 4 ? Math.ceil(count / 2) : count;
}
