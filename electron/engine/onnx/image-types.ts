import { assertNever } from "../../../shared/base/errors.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { halfBits } from "./half-float.ts";
import { type RuntimeTensor, runtimeTensor } from "./runtime.ts";

type ImageType = BackboneInput["type"];

/** Types of tensors that can be made of an image. */
export const imageTypes: readonly ImageType[] = ["float32", "float16", "float64", "uint8", "int8", "int32"];

const integerTypes: readonly string[] = ["uint8", "int8", "int32"];

/** Whether an input takes whole numbers. */
export function isInteger(type: string): boolean {
  return integerTypes.includes(type);
}

/**
 * Images are prepared as float32, or as bytes for inputs of bytes; this makes of them what the session takes.
 * @param values whole numbers in the type's range where it is one of integers
 */
export function imageOfType(
  type: ImageType,
  values: Float32Array | Uint8Array,
  dims: readonly number[],
): RuntimeTensor {
  switch (type) {
    case "float16":
      return runtimeTensor(type, Uint16Array.from(values, halfBits), dims);
    case "float64":
      return runtimeTensor(type, Float64Array.from(values), dims);
    case "int32":
      return runtimeTensor(type, Int32Array.from(values), dims);
    case "int8":
      return runtimeTensor(type, Int8Array.from(values), dims);
    case "uint8":
    case "float32":
      return runtimeTensor(type, values, dims);
    default:
      return assertNever(type);
  }
}
