import { evaluatePlan, routeSamples } from "../evaluate/evaluate-plan.ts";
import { pairedAccuracy } from "../evaluate/live/paired-accuracy.ts";
import type { CrossFit } from "../model/cross-fit.ts";
import { type HalfPlan, wayOf } from "../model/plan.ts";
import { evaluationSpaces, type Offload, type ProjectInputs, planSpace } from "../offload/partition-space.ts";
import { fromPlanExits } from "../space/plan-exits.ts";
import { referenceAccuracy } from "../space/reference-point.ts";
import type { HeldOutPart } from "./join-tables.ts";
import { poolHalves, type ReportedPlan } from "./pool-halves.ts";

/** What plans are reported on: each part of the held-out samples, on one target or two. */
export interface HeldOutInputs {
  readonly on: (part: HeldOutPart) => ProjectInputs;
  readonly offload?: Offload;
}

/**
 * Reports the plan of each half on the other half, and both together.
 * @param halves the plans chosen on either; none where they had no turn
 * @throws AppError 'file-invalid' if a plan's exits, its networks or its partition are not there
 */
export function estimateCrossFit({ on, offload }: HeldOutInputs, halves: readonly HalfPlan[]): CrossFit {
  const samplesOf = ({ tables }: ProjectInputs) => [...tables.values()][0]?.samples ?? 0;
  const counts = {
    calibrationSamples: samplesOf(on("calibration")),
    testSamples: samplesOf(on("test")),
  };
  const [onCalibration, onTest] = (["calibration", "test"] as const).map((split) =>
    halves.find(({ chosenOn }) => chosenOn === split),
  );
  if (!onCalibration || !onTest) return { ...counts, halves: [] };
  const placed = (half: HalfPlan, other: HeldOutPart): ReportedPlan => {
    const { space } = planSpace(on(other), half, offload);
    return { space, exits: fromPlanExits(space, half.exits) };
  };
  const reported = {
    calibration: placed(onCalibration, "test"),
    test: placed(onTest, "calibration"),
  };
  const all = on("both");
  const backboneMs = all.profile.backbone.meanMs;
  const [{ space }] = evaluationSpaces(all, offload);
  return {
    ...counts,
    halves: [onCalibration, onTest].map((half) => reportHalf(half, reported[half.chosenOn], backboneMs)),
    // In the joined tables' order: calibration's samples are those of the plan that was chosen on test.
    pooled: poolHalves([reported.test, reported.calibration], space, backboneMs),
  };
}

function reportHalf(half: HalfPlan, plan: ReportedPlan, backboneMs: number): CrossFit["halves"][number] {
  const { chosenOn, exits } = half;
  const { space } = plan;
  const figures = evaluatePlan(space, plan.exits);
  const { differencePp, halfWidthPp } = pairedAccuracy(routeSamples(space, plan.exits).correct, space);
  return {
    chosenOn,
    exits: [...exits],
    ...wayOf(half),
    samples: space.samples,
    figures,
    backboneAccuracy: referenceAccuracy(space),
    accuracyDropPp: 0 - differencePp,
    accuracyDropHalfWidthPp: halfWidthPp,
    speedup: backboneMs / figures.latencyMs.mean,
  };
}
