import { expect, test } from "vitest";
import { outputHead } from "./plan.ts";
import { planNetworks, sharesOf } from "./plan-networks.ts";

const exit = (cutPoint: string, member?: string) => ({
  ...(member && { member }),
  cutPoint,
  head: "linear",
  policy: "top1",
  threshold: 0.5,
});
const small = exit("half", "small");
const smallOutput = { ...exit("scores", "small"), head: outputHead };
const big = exit("half");

test("a chain's outputs are dealt to its networks in their order, the end to the last", () => {
  const plan = { chain: ["small", "big"], exits: [small, smallOutput, big] };
  const networks = planNetworks(plan, "big");
  expect(networks).toEqual([
    { member: "small", exits: [small, smallOutput], first: 0, outputs: 2 },
    { member: undefined, exits: [big], first: 2, outputs: 2 },
  ]);
  const rates = [0.5, 0.25, 0.125, 0.125];
  expect(networks.map((network) => sharesOf(network, rates))).toEqual([
    { reaching: 1, answered: 0.75 },
    { reaching: 0.25, answered: 0.25 },
  ]);
});

test("the backbone alone, and a network without exits on the way", () => {
  expect(planNetworks({ exits: [big] }, "big")).toEqual([
    { member: undefined, exits: [big], first: 0, outputs: 2 },
  ]);
  const through = planNetworks({ exits: [big], chain: ["small", "big", "other"] }, "big");
  expect(through.map(({ first, outputs }) => [first, outputs])).toEqual([
    [0, 0],
    [0, 1],
    [1, 1],
  ]);
  expect(through.map((network) => sharesOf(network, [0.75, 0.25]))).toEqual([
    { reaching: 1, answered: 0 },
    { reaching: 1, answered: 0.75 },
    { reaching: 0.25, answered: 0.25 },
  ]);
});
