import { expect, test } from "vitest";
import type { PlanExit } from "../../../shared/model/plan.ts";
import { orderNetworks } from "../../../shared/presentation/graph/graph-network.ts";
import { graphNetworks, onlyNetwork } from "../../../shared/presentation/testing/test-graphs.ts";
import { flowWidth, reachingShares } from "./flow.ts";

const exitAt = (cutPoint: string, member?: string): PlanExit => ({
  ...(member !== undefined && { member }),
  cutPoint,
  head: "linear",
  policy: "top1",
  threshold: 0.9,
});

test("samples leave at the exits' cut points", () => {
  // Exits at cut points 0 and 2 of 4: a half leaves, then three tenths.
  const backbone = onlyNetwork(["Conv", "Conv", "Conv", "Conv", "Gemm"], [0, 1, 2, 3]);
  const shares = reachingShares(backbone, [exitAt("t0"), exitAt("t2")], [0.5, 0.25, 0.25]);
  expect([...shares]).toEqual([[undefined, [1, 0.5, 0.5, 0.25, 0.25]]]);
  expect([...reachingShares(onlyNetwork(["Conv", "Gemm"], [0]), [], [1])]).toEqual([[undefined, [1, 1]]]);
});

test("what a network leaves undecided reaches the next one of the chain, and no other", () => {
  const networks = graphNetworks({
    large: [
      ["Conv", "Conv", "Gemm"],
      [0, 1],
    ],
    small: [["Conv", "Gemm"], [0]],
    unused: [["Conv", "Gemm"], [0]],
  });
  const chain = orderNetworks(networks, ["small", "large"]);
  // Of the small one's exits the first takes a quarter, its output a half; the large one has one of the same tensor's name.
  const exits = [exitAt("t0", "small"), exitAt("logits", "small"), exitAt("t0")];
  const shares = reachingShares(chain, exits, [0.25, 0.5, 0.125, 0.125]);
  expect([...shares]).toEqual([
    ["small", [1, 0.75, 0.25]],
    [undefined, [0.25, 0.125, 0.125]],
  ]);
});

test("lines are as wide as their share, but never vanish", () => {
  expect(flowWidth(1)).toBe(10);
  expect(flowWidth(0.38)).toBeCloseTo(3.8);
  expect(flowWidth(0.01)).toBe(1.5);
  expect(flowWidth(undefined)).toBe(3);
});
