import type { Job } from "../base/job.ts";
import { isBackbone } from "../model/plan.ts";
import type { PlacedPlan } from "../search/engine/front-point.ts";
import { type DesignSpace, spaceOfPlan } from "../space/design-space.ts";
import { planEvidence, planPValue, type RiskLimits } from "./plan-evidence.ts";

export interface ControlledPlans {
  /** Plans that meet the limits, all at once, with probability 1 - `level` at least. */
  readonly passed: readonly PlacedPlan[];
  /** How many were tested. */
  readonly tested: number;
}

/**
 * Tests plans in their order until one fails. Each is tested at the full level: a wrong pass needs the first plan in
 * the order that breaks the limits to pass, and that is one test (fixed-sequence testing).
 * @param order must not depend on `control`
 * @see Angelopoulos, Bates, Candès, Jordan and Lei 2021, "Learn then Test", arXiv:2110.01052; for early exits
 * Jazbec et al. 2024, "Fast yet Safe", arXiv:2405.20915
 * @throws AppError 'cancelled'
 */
export async function controlPlans(
  control: readonly DesignSpace[],
  order: readonly PlacedPlan[],
  limits: RiskLimits,
  level: number,
  job: Job,
): Promise<ControlledPlans> {
  let passed = 0;
  for (const plan of order) {
    await job.pause();
    const evidence = planEvidence(spaceOfPlan(control, plan).space, plan.exits);
    if (planPValue(evidence, limits, level, isBackbone(plan)) > level)
      return { passed: order.slice(0, passed), tested: passed + 1 };
    passed++;
  }
  return { passed: order, tested: passed };
}
