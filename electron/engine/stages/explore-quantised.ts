import { type Job, partOfJob } from "../../../shared/base/job.ts";
import type { FrontFile } from "../../../shared/files/front-file.ts";
import { withDefaultDrop } from "../../../shared/model/constraints.ts";
import type { SearchOptions, TargetOptions } from "../../../shared/model/stage-options.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import type { Head } from "../heads/head.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { newProject, type TrainedProject } from "../project/project.ts";
import { planOf } from "../project/project-plan.ts";
import { realTensor } from "../quantise/quantise-model.ts";
import { chosenPlan } from "../search/cross-fit-of-plan.ts";
import { calibrateHeads } from "./calibrate-stage.ts";
import type { LoadedData } from "./load-data.ts";
import { profileHeads } from "./profile-stage.ts";
import { projectSearch, searchProject } from "./search-project.ts";
import type { StageContext } from "./stage-context.ts";
import type { PlanInUse } from "./verify-stage.ts";

/** The int8 backbone with the plan that a search recommends for it. */
export interface ExploredNetwork extends PlanInUse {
  readonly project: TrainedProject;
  readonly front: FrontFile;
}

/** The float backbone's own results, which the int8 one is set beside. */
interface FloatResults {
  readonly project: TrainedProject;
  readonly data: LoadedData;
  readonly front: FrontFile;
}

/** How the float backbone was explored. */
interface Exploration {
  readonly target: TargetOptions;
  readonly profileSeconds: number;
  readonly search: SearchOptions;
}

/**
 * Explores the int8 backbone for the use case of the float one. The heads are the float backbone's: what they read differs by
 * the steps of a byte only. All that a plan is chosen by is the int8 network's own: temperatures, confidence tables, profile.
 * @throws AppError 'cancelled', and what the stages throw
 */
export async function exploreQuantised(
  { cache, job }: StageContext,
  quantised: Backbone,
  { project: float, data, front: found }: FloatResults,
  { target, profileSeconds, search }: Exploration,
): Promise<ExploredNetwork> {
  const part = (from: number, to: number, note: string): StageContext => ({
    cache,
    job: withNote(partOfJob(job, from, to), note),
  });
  const heads = headsOnInt8(float.heads, quantised);
  const calibrating = part(0, 0.5, "calibrating the heads on the int8 network");
  const { calibration } = await calibrateHeads(calibrating, quantised, heads, data, search.policies);
  const timing = part(0.5, 0.9, "profiling the int8 network");
  const profile = await profileHeads(timing, quantised, heads, {
    target,
    seconds: profileSeconds,
  });
  const { preprocess, data: about } = float;
  const trained = { ...newProject(quantised), preprocess, data: about, heads, ...calibration };
  const options: SearchOptions = { ...search, compare: false, useCase: int8UseCase(found) };
  const searching = part(0.9, 1, "searching the int8 network");
  const { front } = await searchProject(searching, projectSearch(trained, profile, options));
  const plan = planOf(trained, chosenPlan(front, front.recommended));
  const project = { ...trained, profiles: [profile], front, plans: [plan] };
  return { project, profile, plan, front, classWeights: front.useCase.classWeights };
}

/** The heads at the tensors that have become bytes and are numbers again; those of a cut point that is gone are left out. */
export function headsOnInt8(heads: readonly Head[], { summary }: Backbone): Head[] {
  const cutPoints = new Set(summary.cutPoints.map(({ tensor }) => tensor));
  return heads.flatMap((head) => {
    const cutPoint = [realTensor(head.cutPoint), head.cutPoint].find((tensor) => cutPoints.has(tensor));
    return cutPoint === undefined ? [] : [{ ...head, cutPoint }];
  });
}

/**
 * The use case with its drop counted from the float backbone: a floor for the accuracy, as the int8 network's own accuracy is
 * another. A guarantee tests drops from the network that is searched, so there is none.
 */
export function int8UseCase({ useCase, backbone }: Pick<FrontFile, "useCase" | "backbone">): UseCase {
  const { maxDropPp, minAccuracy = 0, ...rest } = withDefaultDrop(useCase);
  const floor = maxDropPp === undefined ? minAccuracy : backbone.accuracy - maxDropPp / 100;
  const accuracy = Math.max(minAccuracy, floor);
  return { ...rest, confidence: undefined, ...(accuracy > 0 && { minAccuracy: accuracy }) };
}

function withNote(job: Job, note: string): Job {
  return { ...job, report: (done, total, own = note) => job.report(done, total, own) };
}
