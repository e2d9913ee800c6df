import { expect, test } from "vitest";
import type { PlanExit } from "./plan.ts";
import { exitsKey, isSamePlan } from "./same-plan.ts";

function exit(cutPoint: string, threshold = 0.5): PlanExit {
  return { cutPoint, head: "linear", policy: "top1", threshold };
}

test("plans are the same if every exit is, and the cut", () => {
  const plan = (...exits: PlanExit[]) => ({ exits });
  expect(isSamePlan(plan(exit("a")), plan(exit("a")))).toBe(true);
  expect(isSamePlan(plan(exit("a")), plan(exit("a", 0.6)))).toBe(false);
  expect(isSamePlan(plan(exit("a")), plan(exit("a"), exit("b")))).toBe(false);
  const cut = { exits: [exit("a")], cut: "b" };
  expect(isSamePlan(cut, { ...cut })).toBe(true);
  expect(isSamePlan(cut, plan(exit("a")))).toBe(false);
  expect(exitsKey(plan(exit("a")))).not.toBe(exitsKey(plan(exit("a", 0.6))));
  expect(exitsKey(cut)).toBe(exitsKey(plan(exit("a"))));
});
