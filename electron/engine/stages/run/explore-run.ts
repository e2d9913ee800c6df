import type { FrontFile } from "../../../../shared/files/front-file.ts";
import type { Plan } from "../../../../shared/model/plan.ts";
import type { Profile } from "../../../../shared/model/profile.ts";
import type { TrainedProject } from "../../project/project.ts";
import { planOf } from "../../project/project-plan.ts";
import { chosenPlan } from "../../search/cross-fit-of-plan.ts";
import { weightsByIndex } from "../../search/read-weights.ts";
import type { Int8Networks } from "../compare-quantised.ts";
import { frontBeside } from "../compare-references.ts";
import { exploreQuantised } from "../explore-quantised.ts";
import { exampleSize, profileNetworks } from "../profile-networks.ts";
import { warnOfPoorProfile } from "../profile-stage.ts";
import { quantiseOnce } from "../quantise-stage.ts";
import { measureReferences } from "../reference-stage.ts";
import { projectSearch, searchProject } from "../search-project.ts";
import type { StageRunner } from "../stage-context.ts";
import type { TimeBudget } from "../time-budget/time-budget.ts";
import type { Training } from "../train-project.ts";
import type { RunNetworks } from "./open-networks.ts";
import type { RunRequest } from "./run-request.ts";

/** What a run came to before anything was exported. */
export interface Explored {
  /** With profile, front, plan and references. */
  readonly project: TrainedProject;
  readonly profile: Profile;
  /** With the references beside it. */
  readonly front: FrontFile;
  readonly plan: Plan;
  readonly int8?: Int8Networks;
}

/** Profiles, measures rivals, and searches. @throws AppError of these stages */
export async function exploreRun(
  request: RunRequest,
  networks: RunNetworks,
  { project: trained, data }: Pick<Training, "project" | "data">,
  budget: TimeBudget | undefined,
  stages: StageRunner,
): Promise<Explored> {
  const { backbone, given } = networks;
  const profile = given ?? (await profileHere(request, trained, data, budget, stages));
  const { classNames } = trained.data;
  const classWeights = request.classWeights && weightsByIndex(request.classWeights, classNames);
  const useCase = { ...request.search.useCase, classWeights };
  const timeLimit = request.search.timeLimit ?? budget?.settleSearch();
  const search = projectSearch(trained, profile, { ...request.search, useCase, timeLimit });
  const quantised =
    request.quantised &&
    (await stages.run("quantise", (context) => quantiseOnce(context, backbone, data, request.quantised!)));
  const rivals = [...networks.references, ...(quantised ? [quantised.quantised] : [])];
  const references = await measureReferences(rivals, trained, data, profile, stages);
  const found = await stages.run("search", (context) => {
    if (given) warnOfPoorProfile(given, context.job);
    return searchProject(context, search);
  });
  const front = frontBeside(found.front, references, search.inputs);
  const plan = planOf(trained, chosenPlan(front, front.recommended));
  const project = { ...trained, profiles: [profile], front: found.front, plans: [plan], references };
  if (!quantised) return { project, profile, front, plan };
  if (!request.quantisedExits) return { project, profile, front, plan, int8: quantised };
  const explored = await stages.run("int8", (context) => {
    if (trained.members.length > 0)
      context.job.warn?.("the int8 network is explored alone, without the members");
    return exploreQuantised(context, quantised.quantised, { project, data, front }, request);
  });
  return { project, profile, front, plan, int8: { ...quantised, explored } };
}

async function profileHere(
  { target, profileSeconds }: RunRequest,
  trained: TrainedProject,
  data: Training["data"],
  budget: TimeBudget | undefined,
  stages: StageRunner,
): Promise<Profile> {
  const seconds = budget?.settleProfile() ?? profileSeconds;
  return stages.run("profile", async (context) => {
    const imageSize = trained.members.length > 0 ? await exampleSize(data) : undefined;
    return profileNetworks(context, trained, { target, seconds, imageSize });
  });
}
