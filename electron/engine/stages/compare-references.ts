import { shareInterval } from "../../../shared/base/intervals.ts";
import { routeSamples } from "../../../shared/evaluate/evaluate-plan.ts";
import {
  type RivalsFound,
  rivalOf,
  rivalsOf,
  weighedReference,
} from "../../../shared/evaluate/live/rival.ts";
import type { FrontFile } from "../../../shared/files/front-file.ts";
import type { Summary } from "../../../shared/files/summary.ts";
import type { PartitionedPlan } from "../../../shared/model/plan.ts";
import type { ReferenceModel } from "../../../shared/model/reference-model.ts";
import { planSpace } from "../../../shared/offload/partition-space.ts";
import { evaluationSpace } from "../../../shared/space/build-space.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import { effectiveSamples } from "../../../shared/space/search-space.ts";
import { crossFitOfPlan } from "../search/cross-fit-of-plan.ts";
import type { SearchInputs } from "../search/search-inputs.ts";
import { type PlanInUse, testSpace } from "./verify-stage.ts";

/** A front with reference models beside it, whose accuracy counts samples as the search did. */
export function frontBeside(
  front: FrontFile,
  references: readonly ReferenceModel[],
  inputs: SearchInputs,
): FrontFile {
  if (references.length === 0) return front;
  const space = evaluationSpace({ ...inputs, classWeights: front.useCase.classWeights });
  return {
    ...front,
    references: references.map((reference) => weighedReference(reference, space, front.crossFit)),
  };
}

/** The reference models of a front beside the plan that it recommends, on the split that the plan was chosen on. */
export function rivalsOnCalibration(
  { references = [], recommended, useCase, crossFit }: FrontFile,
  inputs: SearchInputs,
): RivalsFound {
  // A partitioned plan runs on two targets, a reference on one.
  if (references.length === 0 || recommended.cut !== undefined) return { rivals: [], uncompared: [] };
  const { chain } = recommended;
  const { space } = planSpace({ ...inputs, classWeights: useCase.classWeights }, { chain });
  const { correct } = routeSamples(space, fromPlanExits(space, recommended.exits));
  const plan = { correct, meanMs: recommended.figures.latencyMs.mean };
  return rivalsOf(references, crossFit ?? "calibration", plan, space);
}

/**
 * Reference models beside a plan on the test split.
 * @param speedup measured mean latency of the backbone over the plan's; a reference's is a ratio to the backbone as well
 */
export function compareReferences(
  used: PlanInUse,
  references: readonly ReferenceModel[],
  speedup: number,
): Pick<Summary, "references" | "uncompared"> {
  if (references.length === 0) return { references: [], uncompared: [] };
  const space = testSpace(used);
  const { correct } = routeSamples(space, fromPlanExits(space, reportedOnTest(used).exits));
  const backboneMs = used.profile.backbone.meanMs;
  const plan = { correct, meanMs: backboneMs / speedup };
  const samples = effectiveSamples(space);
  const { uncompared } = rivalsOf(references, "test", plan, space);
  const compared = references.flatMap((reference) => {
    const rival = rivalOf(reference, "test", plan, space);
    if (!rival) return [];
    const { sha256, accuracy: calibrationAccuracy, latencyMs, macs, bytes } = reference;
    const accuracyInterval = shareInterval(rival.accuracy * samples, samples);
    const own = { sha256, calibrationAccuracy, latencyMs, macs, bytes };
    return [{ ...rival, ...own, accuracyInterval, speedup: backboneMs / latencyMs.mean }];
  });
  return { references: compared, uncompared: [...uncompared] };
}

/** Where the plan was chosen on the test images too, the one that was chosen without them stands in for its accuracy. */
function reportedOnTest({ project, profile, plan, classWeights }: PlanInUse): PartitionedPlan {
  const halves = crossFitOfPlan(project, profile, plan, classWeights)?.halves ?? [];
  return halves.find(({ chosenOn }) => chosenOn === "calibration") ?? plan;
}
