import { expect, test } from "vitest";
import { charted } from "../../../shared/presentation/testing/test-plans.ts";
import { bestPlan } from "../../state/best-plan.ts";
import { axes } from "./axes.ts";
import {
  constraintLines,
  constraintStep,
  describeMiss,
  missingConstraints,
  moveConstraint,
} from "./constraints.ts";

test("lines stand where the use case says; a budget only on its own latency", () => {
  const useCase = { latency: "mean", maxDropPp: 0.5, maxLatencyMs: 0.6, maxBytes: 1000 } as const;
  const [floor, budget] = constraintLines(useCase, axes.mean, 0.936);
  expect(floor).toMatchObject({ field: "maxDropPp", direction: "horizontal", label: "drop ≤ 0.50 pp" });
  expect(floor.at).toBeCloseTo(0.931, 12);
  expect(budget).toEqual({ field: "maxLatencyMs", direction: "vertical", at: 0.6, label: "mean ≤ 0.60 ms" });
  expect(constraintLines(useCase, axes.p95, 0.936).map(({ field }) => field)).toEqual(["maxDropPp"]);
  expect(constraintLines(useCase, axes.bytes, 0.936).map(({ field }) => field)).toEqual([
    "maxDropPp",
    "maxBytes",
  ]);
});

test("edges offer what isn't set and can be drawn", () => {
  expect(missingConstraints({ latency: "mean" }, axes.p95)).toEqual(["maxDropPp", "maxLatencyMs"]);
  expect(missingConstraints({ latency: "mean", minAccuracy: 0.9 }, axes.macs)).toEqual([]);
  expect(missingConstraints({ latency: "mean", maxLatencyMs: 1 }, axes.p95)).toEqual(["maxDropPp"]);
});

test("a dragged line gives numbers that a person would write", () => {
  expect(moveConstraint("maxDropPp", 0.9287654, axes.mean, 0.936)).toEqual({ maxDropPp: 0.72 });
  expect(moveConstraint("maxDropPp", 0.95, axes.mean, 0.936)).toEqual({ maxDropPp: 0 });
  expect(moveConstraint("minAccuracy", 0.92876, axes.mean, 0.936)).toEqual({ minAccuracy: 0.9288 });
  expect(moveConstraint("maxLatencyMs", 0.61234, axes.p95, 0.936)).toEqual({
    maxLatencyMs: 0.612,
    latency: "p95",
  });
  expect(moveConstraint("maxBytes", 2_345_678, axes.bytes, 0.936)).toEqual({ maxBytes: 2_350_000 });
});

test("an arrow key moves accuracy by 0.05 points and latency by a hundredth, with Shift five times as far", () => {
  expect(constraintStep({ field: "maxDropPp", at: 0.93 }, false)).toBe(0.0005);
  expect(constraintStep({ field: "maxLatencyMs", at: 2 }, true)).toBeCloseTo(0.1, 12);
});

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
  expect(missed.misses.map((miss) => describeMiss(miss, "mean"))).toEqual([
    "accuracy 90.00 % instead of 95.00 %",
  ]);
  expect(bestPlan([], { latency: "mean" }, 0.9)).toBeNull();
});
