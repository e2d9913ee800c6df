import { expect, test } from "vitest";
import { activationQuantisation, largestWeight, quantiseLayer } from "./quantise-numbers.ts";

test("activations are unsigned bytes in which zero is a level", () => {
  // 255 steps of 0.02 from -1 to 4.1; zero is the fiftieth.
  const { scale, zeroPoint } = activationQuantisation([-1, 4.1]);
  expect(scale).toBeCloseTo(0.02, 8);
  expect(zeroPoint).toBe(50);
  // After a ReLU the lowest byte is zero, or the runtime couldn't leave the ReLU out.
  expect(activationQuantisation([0.5, 2.55])).toEqual({ scale: Math.fround(0.01), zeroPoint: 0 });
  expect(activationQuantisation([-2.55, -1])).toEqual({ scale: Math.fround(0.01), zeroPoint: 255 });
  expect(activationQuantisation([0, 0])).toEqual({ scale: 1, zeroPoint: 0 });
});

test("two products of the largest byte and weight fit into 16 bits", () => {
  expect(2 * 255 * largestWeight).toBeLessThan(2 ** 15);
});

test("weights have a scale per channel, the bias that of the sums", () => {
  const weights = Float64Array.of(0.64, -0.32, 0.005, 6.4, -3.24, 0);
  const made = quantiseLayer(weights, { channels: 2, stride: 3 }, Float64Array.of(0.5, -1), 0.5);
  expect([...made.scales].map((scale) => scale.toFixed(6))).toEqual(["0.010000", "0.100000"]);
  expect([...made.weights]).toEqual([64, -32, 1, 64, -32, 0]);
  // 0.5 / (0.01 x 0.5) and -1 / (0.1 x 0.5)
  expect([...made.bias!.values]).toEqual([100, -20]);
});

test("channels along the last axis", () => {
  const made = quantiseLayer(Float64Array.of(1, 64, -0.5, 32), { channels: 2, stride: 1 }, undefined, 1);
  expect([...made.weights]).toEqual([64, 64, -32, 32]);
  expect([...made.scales]).toEqual([1 / 64, 1]);
  expect(made.bias).toBeUndefined();
});

test("a channel of tiny weights still holds its bias, and one of none is zero", () => {
  const made = quantiseLayer(
    Float64Array.of(1e-12, 0),
    { channels: 2, stride: 1 },
    Float64Array.of(3, 0),
    0.01,
  );
  const [value] = made.bias!.values;
  expect(value * made.bias!.scales[0]).toBeCloseTo(3, 5);
  expect(made.bias!.values[1]).toBe(0);
  expect([...made.weights]).toEqual([0, 0]);
});
