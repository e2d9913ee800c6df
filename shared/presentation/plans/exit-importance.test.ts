import { expect, test } from "vitest";
import { outputHead, type PartitionedPlan } from "../../model/plan.ts";
import { exit, figures } from "../testing/test-plans.ts";
import { bringsNothing, exitImportance } from "./exit-importance.ts";

const places = ({ exits }: PartitionedPlan) => exits.map(({ cutPoint }) => cutPoint).join();

test("each exit is left out in turn, and what is lost is told from the plan as it is", () => {
  const plan = { exits: [exit("a", 0.25), exit("b")] };
  const known: Record<string, ReturnType<typeof figures>> = { a: figures(0.75, 2), b: figures(0.875, 3) };
  const found = exitImportance(plan, figures(0.75, 1.5), (one) => known[places(one)] ?? null, "big");
  expect(found.map(({ without }) => places(without))).toEqual(["b", "a"]);
  expect(found[0].without.exits[0]).toBe(plan.exits[1]);
  expect(found.map(({ lost }) => lost)).toEqual([
    { accuracyPp: 12.5, meanMs: 1.5, slowdown: 2 },
    { accuracyPp: 0, meanMs: 0.5, slowdown: 2 / 1.5 },
  ]);
});

test("an exit brings nothing where the plan without it is no slower and no less accurate", () => {
  const lost = { accuracyPp: 0, meanMs: 0, slowdown: 1 };
  expect(bringsNothing(lost)).toBe(true);
  expect(bringsNothing({ ...lost, accuracyPp: 0.01, meanMs: -0.1 })).toBe(true);
  expect(bringsNothing({ ...lost, accuracyPp: -0.01 })).toBe(false);
  expect(bringsNothing({ ...lost, meanMs: 0.001 })).toBe(false);
});

test("a network that nobody would leave goes with its last exit", () => {
  const output = { ...exit("scores"), member: "small", head: outputHead };
  const plan = { exits: [output, exit("a")], chain: ["small", "big"], cut: "input" };
  const found = exitImportance(plan, figures(0.75, 1), () => null, "big");
  expect(found.map(({ without, lost }) => [places(without), without.chain, without.cut, lost])).toEqual([
    ["a", undefined, "input", null],
    ["scores", ["small", "big"], "input", null],
  ]);
  const middle = { ...exit("m"), member: "mid" };
  const three = { exits: [output, middle], chain: ["small", "mid", "big"] };
  expect(
    exitImportance(three, figures(0.75, 1), () => null, "big").map(({ without }) => without.chain),
  ).toEqual([
    ["mid", "big"],
    ["small", "big"],
  ]);
});
