import { expect, test } from "vitest";
import {
  type ComparedBlock,
  compareBlocks,
  describeDifference,
  differingBlocks,
} from "./compare-networks.ts";

function block(
  operators: string,
  { weights = "w", channels = 8, kernel = "3, 3" } = {},
): Omit<ComparedBlock, "index" | "label"> {
  const names = operators.split(" ");
  const settings: Record<string, string> = { kernel_shape: kernel };
  return {
    nodes: names.map((operator) => ({
      operator,
      attributes: operator === "Conv" ? settings : {},
      outputs: [{ name: "any", shape: [1, channels, 4, 4], type: "float32" }],
      parameters: operator === "Conv" ? 9 * channels : 0,
    })),
    weights: names.map((operator) => (operator === "Conv" ? weights : "")),
  };
}

const network = (...blocks: ReturnType<typeof block>[]) =>
  blocks.map((own, index) => ({ ...own, index, label: `block${index}` }));

const found = (here: readonly ComparedBlock[], there: readonly ComparedBlock[]) =>
  compareBlocks(here, there).map(({ state, here: one, there: other }) => [state, one?.index, other?.index]);

const stem = block("Conv Relu");
const body = block("Conv Relu Add", { weights: "a" });
const end = block("GlobalAveragePool Gemm");

test("a network is the same as itself, whatever its blocks are called", () => {
  const rows = compareBlocks(network(stem, body, end), network(stem, body, end));
  expect(rows.map(({ state, changes }) => [state, changes])).toEqual([
    ["same", []],
    ["same", []],
    ["same", []],
  ]);
  expect(describeDifference({ rows })).toBe("3 same");
});

test("other weights, other settings and shapes are told apart, and named", () => {
  const tuned = block("Conv Relu Add", { weights: "b" });
  const wide = block("Conv Relu", { channels: 16, kernel: "5, 5" });
  const rows = compareBlocks(network(stem, body, end), network(wide, tuned, end));
  expect(rows.map(({ state }) => state)).toEqual(["changed", "weights", "same"]);
  expect(rows[0].changes).toEqual([
    "Conv kernel_shape: 3, 3 → 5, 5",
    "Conv result: float32 1 × 8 × 4 × 4 → float32 1 × 16 × 4 × 4",
    "Conv parameters: 72 → 144",
    "Relu result: float32 1 × 8 × 4 × 4 → float32 1 × 16 × 4 × 4",
  ]);
  expect(rows[1].changes).toEqual(["weights of 1 operator"]);
  expect(describeDifference({ rows })).toBe("1 same, 1 with other weights, 1 changed");
});

test("a block more on either side moves the others, which stay side by side", () => {
  const extra = block("MaxPool");
  expect(found(network(stem, body, end), network(stem, extra, body, end))).toEqual([
    ["same", 0, 0],
    ["only there", undefined, 1],
    ["same", 1, 2],
    ["same", 2, 3],
  ]);
  expect(found(network(stem, extra, body, end), network(stem, body, end))).toEqual([
    ["same", 0, 0],
    ["only here", 1, undefined],
    ["same", 2, 1],
    ["same", 3, 2],
  ]);
});

test("of blocks of the same operators those pair that are the same", () => {
  const other = block("Conv Relu Add", { weights: "b" });
  expect(found(network(stem, body, body, end), network(stem, other, body, body, end))).toEqual([
    ["same", 0, 0],
    ["only there", undefined, 1],
    ["same", 1, 2],
    ["same", 2, 3],
    ["same", 3, 4],
  ]);
});

test("networks with nothing in common are listed one after the other; an empty one against any", () => {
  expect(found(network(stem), network(end))).toEqual([
    ["only here", 0, undefined],
    ["only there", undefined, 0],
  ]);
  expect(found([], network(end))).toEqual([["only there", undefined, 0]]);
});

test("what differs is found by the index of this project's block", () => {
  const other = block("Conv Relu Add", { weights: "b" });
  const rows = compareBlocks(network(stem, body, stem, end), network(stem, other, body, end));
  expect([...differingBlocks({ rows })].map(([index, { state }]) => [index, state])).toEqual([
    [2, "only here"],
  ]);
});

test("of many changes the first are named and the rest counted", () => {
  const many = block("Conv Conv Conv", { channels: 16 });
  const [{ changes }] = compareBlocks(network(block("Conv Conv Conv")), network(many));
  expect(changes).toHaveLength(5);
  expect(changes[4]).toBe("2 more");
});
