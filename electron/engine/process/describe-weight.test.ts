import { expect, test } from "vitest";
import { decodeNpy } from "../base/npy.ts";
import { graph, node } from "../onnx/graph-builder.ts";
import { floatTensor, intTensor } from "../onnx/tensors.ts";
import { describeWeight, weightFile, weightsOf } from "./describe-weight.ts";

test("a small weight comes with its values, and all come with range, mean, deviation and histogram", () => {
  const weight = describeWeight(floatTensor("w", [1, 2, 3, 6], [2, 2]));
  expect(weight).toMatchObject({ name: "w", type: "float32", shape: [2, 2], values: [1, 2, 3, 6] });
  // Mean 3; squares of the distances 4, 1, 0 and 9, a quarter of whose sum is 3.5.
  expect(weight.numbers).toMatchObject({ counted: 4, broken: 0, minimum: 1, maximum: 6, mean: 3 });
  expect(weight.numbers!.deviation).toBeCloseTo(Math.sqrt(3.5), 12);
  // 32 bins of 5/32: 1 in the first, 2 in the 7th, 3 in the 13th, the largest in the last.
  const { histogram } = weight.numbers!;
  expect(histogram).toHaveLength(32);
  expect([0, 6, 12, 31].map((bin) => histogram[bin])).toEqual([1, 1, 1, 1]);
  expect(weight.unsaved).toBeUndefined();
});

test("numbers that are none are counted apart, and equal ones make one bin", () => {
  const broken = describeWeight(floatTensor("w", [Number.NaN, 1, Number.POSITIVE_INFINITY, 1]));
  expect(broken.numbers).toMatchObject({ counted: 4, broken: 2, minimum: 1, maximum: 1, histogram: [2] });
  const large = describeWeight(floatTensor("w", new Float32Array(65)));
  expect(large.values).toBeUndefined();
  expect(large.numbers).toMatchObject({ counted: 65, histogram: [65] });
});

test("a weight is saved as NumPy reads it, 64-bit integers as such", async () => {
  const floats = await decodeNpy(weightFile(floatTensor("w", [0.5, -1, 2, 4, 8, 16], [2, 3])), "w.npy");
  expect([floats.shape, [...floats.data]]).toEqual([
    [2, 3],
    [0.5, -1, 2, 4, 8, 16],
  ]);
  const counts = await decodeNpy(weightFile(intTensor("n", [3, 4])), "n.npy");
  expect([counts.shape, [...counts.data]]).toEqual([[2], [3n, 4n]]);
});

test("an operator's weights are what it reads of initializers and of Constant nodes, in its order", () => {
  const bias = floatTensor("", [1]);
  const conv = node("Conv", ["image", "w", "b"], ["y"]);
  const constant = node("Constant", [], ["b"], { value: bias });
  const whole = graph("net", { nodes: [constant, conv], initializers: [floatTensor("w", [2])] }, [], []);
  expect(weightsOf(whole, conv).map(({ name }) => name)).toEqual(["w", "b"]);
});
