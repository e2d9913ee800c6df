import { expect, test } from "vitest";
import { histogram, upperQuantile } from "./histogram.ts";

test("a histogram counts every value once", () => {
  const values = Float32Array.of(0, 0.4, 0.5, 0.9, 1, 7);
  expect(histogram(values, [0, 1], 2)).toEqual({ low: 0, binWidth: 0.5, counts: [2, 3], above: 1, total: 6 });
});

test("the upper quantile leaves its share above", () => {
  const values = Float32Array.from({ length: 1000 }, (_, index) => index + 1);
  expect(upperQuantile(values, 0.005)).toBe(995);
  expect(upperQuantile(values, 1)).toBe(1);
  expect(upperQuantile(new Float32Array(0), 0.005)).toBe(0);
});
