import { evaluatePlan, routeSamples } from "../evaluate/evaluate-plan.ts";
import { pairedAccuracy } from "../evaluate/live/paired-accuracy.ts";
import type { ConfidenceTable } from "../model/confidence-table.ts";
import type { CrossFit } from "../model/cross-fit.ts";
import type { HalfPlan } from "../model/plan.ts";
import { evaluationSpaces, type Offload, spaceAtPartition } from "../offload/partition-space.ts";
import type { EvaluationInputs } from "../space/build-space.ts";
import { fromPlanExits } from "../space/plan-exits.ts";
import { accuracyOf } from "../space/reference-point.ts";
import { type HalvesOfTables, joinHalves } from "./join-tables.ts";
import { poolHalves, type ReportedPlan } from "./pool-halves.ts";

/** What plans are reported on: both halves' tables, and one target, or two. */
export interface HeldOutInputs extends Omit<EvaluationInputs, "tables" | "sampleWeights"> {
  readonly tables: HalvesOfTables;
  readonly offload?: Offload;
}

/**
 * Reports the plan of each half on the other half, and both together.
 * @param halves the plans chosen on either; none where they had no turn
 * @throws AppError 'file-invalid' if a plan's exits or its partition are not there
 */
export function estimateCrossFit(inputs: HeldOutInputs, halves: readonly HalfPlan[]): CrossFit {
  const { tables, offload, ...rest } = inputs;
  const spacesOf = (own: ReadonlyMap<string, ConfidenceTable>) =>
    evaluationSpaces({ ...rest, tables: own }, offload);
  const samplesOf = (own: ReadonlyMap<string, ConfidenceTable>) => [...own.values()][0]?.samples ?? 0;
  const counts = { calibrationSamples: samplesOf(tables.calibration), testSamples: samplesOf(tables.test) };
  const [onCalibration, onTest] = (["calibration", "test"] as const).map((split) =>
    halves.find(({ chosenOn }) => chosenOn === split),
  );
  if (!onCalibration || !onTest) return { ...counts, halves: [] };
  const placed = ({ cut, exits }: HalfPlan, other: ReadonlyMap<string, ConfidenceTable>): ReportedPlan => {
    const { space } = spaceAtPartition(spacesOf(other), cut);
    return { space, exits: fromPlanExits(space, exits) };
  };
  const reported = {
    calibration: placed(onCalibration, tables.test),
    test: placed(onTest, tables.calibration),
  };
  const backboneMs = inputs.profile.backbone.meanMs;
  const [{ space: all }] = spacesOf(joinHalves(tables));
  return {
    ...counts,
    halves: [onCalibration, onTest].map((half) => reportHalf(half, reported[half.chosenOn], backboneMs)),
    // In the joined tables' order: calibration's samples are those of the plan that was chosen on test.
    pooled: poolHalves([reported.test, reported.calibration], all, backboneMs),
  };
}

function reportHalf(
  { chosenOn, exits, cut }: HalfPlan,
  plan: ReportedPlan,
  backboneMs: number,
): CrossFit["halves"][number] {
  const { space } = plan;
  const figures = evaluatePlan(space, plan.exits);
  const { differencePp, halfWidthPp } = pairedAccuracy(routeSamples(space, plan.exits).correct, space);
  return {
    chosenOn,
    exits: [...exits],
    cut,
    samples: space.samples,
    figures,
    backboneAccuracy: accuracyOf(space, space.backboneCorrect),
    accuracyDropPp: 0 - differencePp,
    accuracyDropHalfWidthPp: halfWidthPp,
    speedup: backboneMs / figures.latencyMs.mean,
  };
}
