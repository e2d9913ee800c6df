import { expect, it } from "vitest";
import { halfBits } from "./half-float.ts";
import { floatValues, runtimeTensor } from "./runtime.ts";

it("reads float16 scores as numbers, so that negative ones are the least", () => {
  const scores = [-2, 0.5, 1.5, -0.25];
  const half = runtimeTensor("float16", Uint16Array.from(scores, halfBits), [1, 4]);
  expect(Array.from(floatValues(half))).toEqual(scores);
  const float = runtimeTensor("float32", Float32Array.from(scores), [1, 4]);
  expect(Array.from(floatValues(float))).toEqual(scores);
});
