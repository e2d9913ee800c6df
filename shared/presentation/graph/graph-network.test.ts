import { expect, test } from "vitest";
import { graphNetworks } from "../testing/test-graphs.ts";
import { orderNetworks } from "./graph-network.ts";

const networks = graphNetworks({ large: [["Gemm"], []], small: [["Gemm"], []], other: [["Gemm"], []] });
const shown = (chain?: readonly string[]) =>
  orderNetworks(networks, chain).map(({ name, isOn, isFollowed }) => [name, isOn, isFollowed]);

test("networks of the chain come first, in its order", () => {
  expect(shown(["other", "large"])).toEqual([
    ["other", true, true],
    ["large", true, false],
    ["small", false, false],
  ]);
});

test("without a chain the plan goes through the backbone alone, and what is gone is left out", () => {
  expect(shown()).toEqual([
    ["large", true, false],
    ["small", false, false],
    ["other", false, false],
  ]);
  expect(shown(["gone", "small"])[0]).toEqual(["small", true, false]);
});
