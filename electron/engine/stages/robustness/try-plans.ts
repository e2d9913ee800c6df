import { shareInterval } from "../../../../shared/base/intervals.ts";
import { evaluatePlan, routeSamples } from "../../../../shared/evaluate/evaluate-plan.ts";
import { pairedAccuracy } from "../../../../shared/evaluate/live/paired-accuracy.ts";
import type { ShiftCondition, ShiftedPlan } from "../../../../shared/files/robustness.ts";
import type { PartitionedPlan } from "../../../../shared/model/plan.ts";
import { type DesignSpace, spaceOfPlan } from "../../../../shared/space/design-space.ts";
import { fromPlanExits } from "../../../../shared/space/plan-exits.ts";
import { countRight } from "../../../../shared/space/reference-point.ts";
import { correctOfReference } from "../../../../shared/space/search-space.ts";

/** What of a plan counts on one target, wherever it was to be partitioned: exported files run there. */
type OnDevice = Pick<PartitionedPlan, "exits" | "chain">;

/**
 * What plans do on the samples of some spaces.
 * @param spaces the backbone's first
 * @param backboneMs mean latency of the backbone, which speed-ups refer to
 * @throws AppError 'file-invalid' if a plan's exits or networks aren't there
 */
export function tryPlans(
  spaces: readonly DesignSpace[],
  plan: OnDevice,
  front: readonly OnDevice[],
  backboneMs: number,
): Pick<ShiftCondition, "backbone" | "plan" | "front"> {
  const [{ space }] = spaces;
  return {
    backbone: accuracyOf(correctOfReference(space)),
    plan: shiftedPlan(spaces, plan, backboneMs),
    front: front.map((own) => {
      const { accuracy, latencyMs } = evaluatePlan(...placed(spaces, own));
      return { accuracy, latencyMs: latencyMs.mean };
    }),
  };
}

function shiftedPlan(spaces: readonly DesignSpace[], plan: OnDevice, backboneMs: number): ShiftedPlan {
  const [space, exits] = placed(spaces, plan);
  const { exitRates, latencyMs } = evaluatePlan(space, exits);
  const { correct } = routeSamples(space, exits);
  const { differencePp, halfWidthPp } = pairedAccuracy(correct, space);
  return {
    ...accuracyOf(correct),
    accuracyDropPp: 0 - differencePp,
    accuracyDropHalfWidthPp: halfWidthPp,
    exitRates,
    latencyMs,
    speedup: backboneMs / latencyMs.mean,
  };
}

function placed(spaces: readonly DesignSpace[], { exits, chain }: OnDevice) {
  const { space } = spaceOfPlan(spaces, { chain });
  return [space, fromPlanExits(space, exits)] as const;
}

function accuracyOf(correct: Uint8Array): ShiftCondition["backbone"] {
  const right = countRight(correct);
  return { accuracy: right / correct.length, accuracyInterval: shareInterval(right, correct.length) };
}
