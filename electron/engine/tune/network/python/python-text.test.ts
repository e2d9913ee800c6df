import { expect, test } from "vitest";
import { pythonCall, pythonNumber, pythonSides, pythonString, pythonTuple } from "./python-text.ts";

test("a float32 is written by the fewest digits that say it", () => {
  expect(pythonNumber(Math.fround(0.1))).toBe("0.1");
  expect(pythonNumber(Math.fround(Math.SQRT2))).toBe("1.4142135");
  expect(pythonNumber(Math.fround(16777217 / 3))).toBe("5592405.5");
  expect(pythonNumber(Math.fround(1e-5))).toBe("1e-5");
  expect(pythonNumber(Math.fround(1 / 6))).toBe("0.16666667");
  for (let at = 0; at < 1000; at++) {
    const value = Math.fround(Math.tan(at) * 10 ** ((at % 60) - 30));
    expect(Math.fround(Number(pythonNumber(value)))).toBe(value);
  }
});

test("whole numbers are written whole, and what is none has Python's name", () => {
  expect([224, -1, 0, 2 ** 31 - 1].map(pythonNumber)).toEqual(["224", "-1", "0", "2147483647"]);
  expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(pythonNumber)).toEqual([
    'float("nan")',
    'float("inf")',
    'float("-inf")',
  ]);
});

test("sides that are alike are one number, a tuple of one has its comma, and what isn't needed is left out", () => {
  expect([pythonSides([3, 3]), pythonSides([3, 1]), pythonTuple([96])]).toEqual(["3", "(3, 1)", "(96,)"]);
  expect(pythonCall("f", ["x"], { stride: "2", bias: undefined })).toBe("f(x, stride=2)");
  expect(pythonString('a"\n\\')).toBe('"a\\"\\n\\\\"');
});
