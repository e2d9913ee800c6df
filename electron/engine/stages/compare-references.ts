import { shareInterval } from "../../../shared/base/intervals.ts";
import { routeSamples } from "../../../shared/evaluate/evaluate-plan.ts";
import { type Rival, rivalOf, weighedReference } from "../../../shared/evaluate/live/rival.ts";
import type { FrontFile } from "../../../shared/files/front-file.ts";
import type { Summary } from "../../../shared/files/summary.ts";
import type { ReferenceModel } from "../../../shared/model/reference-model.ts";
import { planSpace } from "../../../shared/offload/partition-space.ts";
import { evaluationSpace } from "../../../shared/space/build-space.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import { effectiveSamples } from "../../../shared/space/search-space.ts";
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
  return { ...front, references: references.map((reference) => weighedReference(reference, space)) };
}

/** The reference models of a front beside the plan that it recommends, on the split that the plan was chosen on. */
export function rivalsOnCalibration(
  { references = [], recommended, useCase }: FrontFile,
  inputs: SearchInputs,
): Rival[] {
  // A partitioned plan runs on two targets, a reference on one.
  if (references.length === 0 || recommended.cut !== undefined) return [];
  const { chain } = recommended;
  const { space } = planSpace({ ...inputs, classWeights: useCase.classWeights }, { chain });
  const { correct } = routeSamples(space, fromPlanExits(space, recommended.exits));
  const plan = { correct, meanMs: recommended.figures.latencyMs.mean };
  return references.flatMap((reference) => rivalOf(reference, "calibration", plan, space) ?? []);
}

/**
 * Reference models beside a plan on the test split.
 * @param speedup measured mean latency of the backbone over the plan's; a reference's is a ratio to the backbone as well
 */
export function compareReferences(
  used: PlanInUse,
  references: readonly ReferenceModel[],
  speedup: number,
): Summary["references"] {
  if (references.length === 0) return [];
  const space = testSpace(used);
  const { correct } = routeSamples(space, fromPlanExits(space, used.plan.exits));
  const backboneMs = used.profile.backbone.meanMs;
  const plan = { correct, meanMs: backboneMs / speedup };
  const samples = effectiveSamples(space);
  return references.flatMap((reference) => {
    const rival = rivalOf(reference, "test", plan, space);
    if (!rival) return [];
    const { sha256, accuracy: calibrationAccuracy, latencyMs, macs, bytes } = reference;
    const accuracyInterval = shareInterval(rival.accuracy * samples, samples);
    const own = { sha256, calibrationAccuracy, latencyMs, macs, bytes };
    return [{ ...rival, ...own, accuracyInterval, speedup: backboneMs / latencyMs.mean }];
  });
}
