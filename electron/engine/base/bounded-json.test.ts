import { expect, test } from "vitest";
import { jsonExcess } from "./bounded-json.ts";

const limits = { bytes: 100, values: 6, depth: 2 };
const excess = (text: string) => jsonExcess(new TextEncoder().encode(text), limits);

test("JSON is measured before it is parsed", () => {
  // The list itself and three numbers; a pair is two values and its object one.
  expect(excess("[1, 2, 3]")).toBeUndefined();
  expect(excess('{"a": [1, 2], "b": 3}')).toBeUndefined();
  expect(excess("[1, 2, 3, 4, 5, 6]")).toBe("more than 6 values");
  expect(excess("[[], [], [], []]")).toBe("more than 6 values");
  expect(excess('[{"a": 1}]')).toBeUndefined();
  expect(excess("[[[1]]]")).toBe("lists and objects more than 2 deep");
  expect(excess(`"${"x".repeat(98)}"`)).toBeUndefined();
  expect(excess(`"${"x".repeat(99)}"`)).toBe("1 MB of text, expected up to 0.0001");
});

test("what stands in strings doesn't count", () => {
  expect(excess('"[[[,,,,,,,,,{{{"')).toBeUndefined();
  expect(excess(String.raw`"\"[[[,,,,,,"`)).toBeUndefined();
  expect(excess(String.raw`["\\", [1]]`)).toBeUndefined();
  expect(excess(String.raw`["\\", [[1]]]`)).toBe("lists and objects more than 2 deep");
});

test("a string that doesn't end ends the search", () => {
  expect(excess('"[[[')).toBeUndefined();
  expect(excess('"\\')).toBeUndefined();
});
