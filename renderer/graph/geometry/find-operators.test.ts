import { expect, test } from "vitest";
import { divideIntoBlocks } from "../../../shared/presentation/graph/blocks.ts";
import { chainBackbone } from "../../../shared/presentation/testing/test-graphs.ts";
import { findOperators } from "./find-operators.ts";

const blocks = divideIntoBlocks(chainBackbone(["Conv", "Relu", "Conv", "Relu", "Gemm"], [1, 3]));
const names = (query: string) =>
  findOperators(blocks, query).map(({ block, node }) => `${block.index} ${node.name}`);

test("finds by operator, name and tensor, whatever the case", () => {
  expect(names("conv")).toEqual(["0 n0", "1 n2"]);
  expect(names("N4")).toEqual(["2 n4"]);
  // t3 is written by n3 and read by n4.
  expect(names(" t3 ")).toEqual(["1 n3", "2 n4"]);
});

test("what is called so comes before what makes it, and that before what reads it", () => {
  const [first, ...others] = blocks;
  const [conv, relu] = first.nodes;
  const reader = { ...conv, name: "reads", operator: "Add", inputs: ["stem_out"] };
  const named = { ...relu, name: "stem" };
  const made = { ...relu, name: "made", outputs: [{ ...relu.outputs[0], name: "stem_out" }] };
  const shuffled = [{ ...first, nodes: [reader, made, named] }, ...others];
  expect(findOperators(shuffled, "stem").map(({ node }) => node.name)).toEqual(["stem", "made", "reads"]);
});

test("nothing is found by an empty query, and signs have no special meaning", () => {
  expect(names("  ")).toEqual([]);
  expect(names("n.")).toEqual([]);
});
