import type { Plan } from "../../shared/model/plan.ts";
import {
  type EnsembledPlan,
  ensemblePlan,
  type StageCache,
  type StageRunner,
  type TrainedProject,
  withProjectData,
} from "../engine/index.ts";
import { movedTo } from "./beside-project.ts";
import { chooseProfile } from "./choose-profile.ts";

/**
 * A plan whose exits each answer for all up to them, and what it is predicted to do.
 * @param dataPath where the project's data set lies now; where it was if absent
 * @throws AppError as `ensemblePlan` does, and what opening the project's data set throws
 */
export async function ensembleOfPlan(
  opened: TrainedProject,
  plan: Plan,
  dataPath: string | undefined,
  cache: StageCache,
  stages: StageRunner,
): Promise<EnsembledPlan> {
  const project = movedTo(opened, { data: dataPath });
  const profile = await chooseProfile(project, undefined, "the project");
  return withProjectData(project, cache, stages, (data) =>
    stages.run("calibrate", (context) => ensemblePlan(context, { project, profile, plan }, data)),
  );
}
