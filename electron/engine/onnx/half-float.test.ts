import { expect, test } from "vitest";
import { halfBits, halfValue } from "./half-float.ts";

test.each([
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [0.333251953125, 0x3555],
  [65504, 0x7bff],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [Number.POSITIVE_INFINITY, 0x7c00],
])("%f is 0x%s in half precision, both ways", (value, bits) => {
  expect(halfBits(value)).toBe(bits);
  expect(halfValue(bits)).toBe(value);
});

test("every half survives the way there and back", () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = halfValue(bits);
    if (Number.isNaN(value)) expect(halfValue(halfBits(value))).toBeNaN();
    else expect(halfBits(value)).toBe(bits);
  }
});

test("rounds to the nearest, ties to even, and too large to infinity", () => {
  expect(halfBits(1 + 2 ** -11)).toBe(0x3c00);
  expect(halfBits(1 + 3 * 2 ** -11)).toBe(0x3c02);
  expect(halfBits(2047.9999 / 1024)).toBe(0x4000);
  expect(halfBits(65519)).toBe(0x7bff);
  expect(halfBits(65520)).toBe(0x7c00);
  expect(halfBits(2 ** -25)).toBe(0);
});
