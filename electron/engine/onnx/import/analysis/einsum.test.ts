import { expect, test } from "vitest";
import { node } from "../../graph-builder.ts";
import { einsumLabels } from "./einsum.ts";

const labels = (equation: string, ranks: readonly number[]) =>
  einsumLabels(node("Einsum", ["a", "b"].slice(0, ranks.length), ["y"], { equation }), ranks);

test("letters name axes", () => {
  expect(labels("bthd, bshd -> bhts", [4, 4])).toEqual({
    inputs: [
      ["b", "t", "h", "d"],
      ["b", "s", "h", "d"],
    ],
    output: ["b", "h", "t", "s"],
  });
});

test("an ellipsis names what is left, the same axes from the right in every operand", () => {
  expect(labels("...d,...de->...e", [3, 4])).toEqual({
    inputs: [
      ["...1", "...0", "d"],
      ["...1", "...0", "d", "e"],
    ],
    output: ["...1", "...0", "e"],
  });
});

test("without an arrow the result has what stands there once", () => {
  expect(labels("ij,jk", [2, 2]).output).toEqual(["i", "k"]);
  expect(labels("ki,...k", [2, 3]).output).toEqual(["...1", "...0", "i"]);
});
