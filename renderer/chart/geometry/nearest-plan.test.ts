import { expect, test } from "vitest";
import { axes } from "../../../shared/presentation/chart/axes.ts";
import { chartFrame } from "../../../shared/presentation/chart/chart-frame.ts";
import { charted } from "../../../shared/presentation/testing/test-plans.ts";
import { nearestPlan } from "./nearest-plan.ts";

test("the nearest plan within reach is found", () => {
  const frame = chartFrame({ width: 460, height: 356 }, axes.mean, false, { x: [0, 2], y: [0.7, 0.9] });
  const front = [
    { plan: charted("a", 0.8, 0.5), x: 0.5, y: 0.8 },
    { plan: charted("b", 0.9, 1), x: 1, y: 0.9 },
  ];
  // 200 px a ms from 44; accuracy 0.9 is at the top, 34.
  expect(nearestPlan(front, frame, { left: 250, top: 40 }, 12)?.plan.id).toBe("b");
  expect(nearestPlan(front, frame, { left: 260, top: 60 }, 12)).toBeNull();
});
