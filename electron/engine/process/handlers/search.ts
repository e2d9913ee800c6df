import { AppError } from "../../../../shared/base/errors.ts";
import { withSearch } from "../../../../shared/files/past-search.ts";
import type { SearchProgress } from "../../../../shared/ipc/channels.ts";
import { memberProfile, type Profile } from "../../../../shared/model/profile.ts";
import type { SearchOptions } from "../../../../shared/model/stage-options.ts";
import { searchAlgorithmById } from "../../../../shared/search/index.ts";
import { exitPolicyById } from "../../policies/index.ts";
import { type Project, trainedProject } from "../../project/project.ts";
import { planOf } from "../../project/project-plan.ts";
import { chosenPlan } from "../../search/cross-fit-of-plan.ts";
import type { WatchSearch } from "../../search/observe-search.ts";
import { searchKey } from "../../search/search-checkpoint.ts";
import { offloadTo } from "../../stages/offload-stage.ts";
import { projectSearch, searchProject } from "../../stages/search-project.ts";
import type { Handlers } from "../handler.ts";
import { pausedSearch, pauseSearch } from "../paused-search.ts";
import type { Workspace } from "../workspace.ts";
import { profileById } from "./profile.ts";

export function searchHandlers(
  workspace: Workspace,
): Pick<Handlers, "project.search" | "project.stopSearch"> {
  let isStopped = false;
  let show: WatchSearch = () => {};
  return {
    "project.search": ({ target, offload, options }, call) =>
      workspace.change("a search", async (project) => {
        isStopped = false;
        show = call.showSearch;
        const trained = trainedProject(project);
        const profile = profileById(project, target);
        const searched = { ...trained, members: timedMembers(project, profile) };
        const server = offload && offloadTo(trained, profileById(project, offload.server), offload.link);
        const search = projectSearch(searched, profile, filledIn(options), server);
        const key = searchKey(search.inputs, search.options);
        const before = project.front && pausedSearch(project.front);
        const job = { ...call.job("search"), isTimeUp: () => isStopped };
        const isContinued = before?.key === key;
        const { front, paused } = await searchProject(
          { cache: workspace.cache, job },
          { ...search, watch: (progress: SearchProgress) => show(progress) },
          isContinued ? before?.search : undefined,
        );
        if (paused) pauseSearch(front, { search: paused, key });
        const endedAt = new Date().toISOString();
        const searches = withSearch(project.searches, project.front, front, isContinued, endedAt);
        const plans = [planOf(project, chosenPlan(front, front.recommended))];
        return { ...project, front, searches, plans };
      }),
    "project.stopSearch": async () => {
      isStopped = true;
      return {};
    },
  };
}

/** The networks that plans may go through on a target, beside the backbone. */
function timedMembers({ members }: Project, profile: Profile): Project["members"] {
  return members.filter(({ backbone }) => memberProfile(profile, backbone.summary) !== undefined);
}

/**
 * Options as a search records them.
 * @throws AppError 'usage' for an unknown algorithm or policy, or options that the algorithm doesn't take
 */
function filledIn(options: SearchOptions): SearchOptions {
  const algorithm = searchAlgorithmById(options.algorithm);
  const parsed = algorithm.options.safeParse(options.algorithmOptions);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AppError("usage", `${algorithm.title}, ${issue.path.join(".")}: ${issue.message}`);
  }
  const policies = [...new Set(options.policies)].map((id) => exitPolicyById(id).id);
  return { ...options, algorithmOptions: parsed.data, policies };
}
