import type { BackboneSummary } from "../../../shared/domain/backbone.ts";
import { type Random, randomInteger, randomNormal } from "../../../shared/random.ts";
import { imageDims } from "../onnx/backbone.ts";
import { halfBits } from "../onnx/half-float.ts";
import { type RuntimeTensor, runtimeTensor } from "../onnx/runtime.ts";
import { elementCount } from "../onnx/tensors.ts";

/** One image of noise that the backbone accepts: normal for floats, uniform for bytes. */
export function randomImage(backbone: BackboneSummary, random: Random): Record<string, RuntimeTensor> {
  const dims = imageDims(backbone, 1) as number[];
  const { name, type } = backbone.input;
  const length = elementCount(dims);
  if (type === "uint8")
    return {
      [name]: runtimeTensor(
        type,
        Uint8Array.from({ length }, () => randomInteger(random, 256)),
        dims,
      ),
    };
  const values = Float32Array.from({ length }, () => randomNormal(random));
  return {
    [name]: runtimeTensor(type, type === "float32" ? values : Uint16Array.from(values, halfBits), dims),
  };
}
