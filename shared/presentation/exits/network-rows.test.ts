import { expect, test } from "vitest";
import { outputHead } from "../../model/plan.ts";
import type { Latency } from "../../model/profile.ts";
import { exit } from "../testing/test-plans.ts";
import { networkTitles } from "../words/network-titles.ts";
import { networkRows, networkShares } from "./network-rows.ts";

const latency = (meanMs: number): Latency => ({
  medianMs: meanMs,
  meanMs,
  p5Ms: meanMs,
  p95Ms: meanMs,
  count: 9,
});
const summaryOf = (sha256: string, parameterBytes: number) => ({
  sha256,
  parameterBytes,
  peakActivationBytes: 2000,
});
const networks = [
  { summary: summaryOf("big", 400_000), timed: { final: latency(1.5) } },
  { summary: summaryOf("small", 20_000), timed: { entry: latency(0.05), final: latency(0.2) } },
  { summary: summaryOf("untimed", 20_000), timed: undefined },
];
const titles = networkTitles([
  { name: "ft_resnet56", sha256: "big" },
  { name: "ft_resnet20", sha256: "small" },
  { name: "ft_vgg", sha256: "untimed" },
]);
const output = { ...exit("scores"), member: "small", head: outputHead };

test("a network of a plan is what it sees, answers, takes and needs, in the plan's order", () => {
  const plan = { exits: [{ ...exit("half"), member: "small" }, output], chain: ["small", "big"] };
  expect(networkRows(plan, [0.5, 0.25, 0.25], networks, titles)).toEqual([
    {
      sha256: "small",
      name: "resnet20",
      sees: "100.0 %",
      answers: "75.0 %",
      latency: "0.25 ms",
      memory: "22 kB",
      memoryNote: "20 kB of weights, 2 kB of activations at most; heads not counted",
    },
    {
      sha256: "big",
      name: "resnet56",
      sees: "25.0 %",
      answers: "25.0 %",
      latency: "1.50 ms",
      memory: "402 kB",
      memoryNote: "400 kB of weights, 2 kB of activations at most; heads not counted",
    },
  ]);
});

test("who answers how much, in a line", () => {
  const plan = { exits: [output], chain: ["small", "big"] };
  expect(networkShares(plan, [0.71, 0.29], titles)).toBe("resnet20 71 %, resnet56 29 %");
});

test("what isn't known isn't said", () => {
  const [row] = networkRows({ exits: [], chain: ["untimed"] }, undefined, networks, titles);
  expect(row).toMatchObject({ name: "vgg", sees: null, answers: null, latency: null });
  expect(networkRows({ exits: [], chain: ["gone"] }, [1], networks, titles)).toEqual([]);
  expect(networkRows({ exits: [] }, [1], networks, titles).map(({ name }) => name)).toEqual(["resnet56"]);
});
