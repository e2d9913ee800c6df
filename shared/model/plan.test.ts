import { expect, test } from "vitest";
import { exitsKey, isSamePlan, type PlanExit, type StatedExit } from "./plan.ts";

function exit(cutPoint: string, threshold = 0.5): PlanExit {
  return { cutPoint, head: "linear", policy: "top1", threshold };
}

test("plans are the same if every exit is, and the partition", () => {
  const plan = (...exits: PlanExit[]) => ({ exits });
  expect(isSamePlan(plan(exit("a")), plan(exit("a")))).toBe(true);
  expect(isSamePlan(plan(exit("a")), plan(exit("a", 0.6)))).toBe(false);
  expect(isSamePlan(plan(exit("a")), plan(exit("a"), exit("b")))).toBe(false);
  const partitioned = { exits: [exit("a")], cut: "b" };
  expect(isSamePlan(partitioned, { ...partitioned })).toBe(true);
  expect(isSamePlan(partitioned, plan(exit("a")))).toBe(false);
  expect(exitsKey(plan(exit("a")))).not.toBe(exitsKey(plan(exit("a", 0.6))));
  expect(exitsKey(partitioned)).toBe(exitsKey(plan(exit("a"))));

  const stated: StatedExit = { ...exit("a"), classThresholds: [0.4, 0.6] };
  expect(isSamePlan(plan(stated), plan(exit("a")))).toBe(true);
  expect(exitsKey(plan(stated))).toBe(exitsKey(plan(exit("a"))));
});
