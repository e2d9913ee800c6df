import { expect, test } from "vitest";
import { charted } from "../testing/test-plans.ts";
import { bestPlan } from "./best-plan.ts";

test("the best plan is the fastest of ours inside the constraints, else the nearest", () => {
  const plans = [
    charted("fast", 0.88, 0.2),
    charted("middle", 0.897, 0.5),
    charted("slow", 0.9, 1),
    charted("other", 0.9, 0.1, { role: "alternative" }),
  ];
  expect(bestPlan(plans, { latency: "mean", maxDropPp: 0.5 }, 0.9)).toMatchObject({
    plan: { id: "middle" },
    feasible: true,
  });
  expect(bestPlan(plans, { latency: "mean", maxLatencyMs: 0.3 }, 0.9)?.plan.id).toBe("fast");
  const missed = bestPlan(plans, { latency: "mean", minAccuracy: 0.95 }, 0.9)!;
  expect(missed).toMatchObject({ plan: { id: "slow" }, feasible: false });
  expect(missed.misses).toEqual([{ constraint: "minAccuracy", wanted: 0.95, got: 0.9 }]);
  expect(bestPlan([], { latency: "mean" }, 0.9)).toBeNull();
});
