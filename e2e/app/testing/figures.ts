import { expect } from "vitest";
import { openProject, projectForPlan, searchInputs } from "../../../electron/engine/index.ts";
import { formatBytes, formatMs, formatPercent, formatQuantity } from "../../../shared/base/format-number.ts";
import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import type { Plan, PlanFigures } from "../../../shared/model/plan.ts";
import { planSpace } from "../../../shared/offload/partition-space.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";

/** A plan's figures on a project's calibration split, worked out here and not in the window. */
export async function figuresOf(projectPath: string, plan: Plan): Promise<PlanFigures> {
  const project = await projectForPlan(await openProject(projectPath), plan);
  const inputs = searchInputs(project, "calibration", project.profiles[0]);
  const { space } = planSpace(inputs, plan);
  return evaluatePlan(space, fromPlanExits(space, plan.exits));
}

/** Expects the window's live figures to be these, to the digit that it shows. */
export function expectFigures(shown: Record<string, string>, figures: PlanFigures): void {
  const { accuracy, latencyMs, macs, bytes } = figures;
  expect(shown).toMatchObject({
    accuracy: formatPercent(accuracy),
    "mean latency": formatMs(latencyMs.mean),
    "p50 latency": formatMs(latencyMs.p50),
    "p95 latency": formatMs(latencyMs.p95),
    "worst latency": formatMs(latencyMs.worst),
    "mean MACs": formatQuantity(macs),
    size: formatBytes(bytes),
  });
}
