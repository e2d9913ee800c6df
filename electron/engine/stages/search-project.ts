import { partOfJob } from "../../../shared/base/job.ts";
import { estimateCrossFit } from "../../../shared/cross-fit/estimate-cross-fit.ts";
import type { HeldOutPart } from "../../../shared/cross-fit/join-tables.ts";
import { type HalfPlan, wayOf } from "../../../shared/model/plan.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { SearchOptions } from "../../../shared/model/stage-options.ts";
import type { Offload } from "../../../shared/offload/partition-space.ts";
import type { SearchedProject } from "../project/networks-inputs.ts";
import type { Project } from "../project/project.ts";
import { checkCrossFit } from "../search/check-cross-fit.ts";
import { unknownToServer } from "../search/check-members.ts";
import type { FrontSearch, FrontTask } from "../search/front-search.ts";
import { type SearchInputs, searchInputs } from "../search/search-inputs.ts";
import { type SearchedFront, searchFront } from "./search-stage.ts";
import type { StageContext } from "./stage-context.ts";

/** A search over a project's networks. */
export interface ProjectSearch extends Omit<FrontTask, "resume" | "workers"> {
  /** The same inputs on a part of the held-out samples. */
  readonly on: (part: HeldOutPart) => SearchInputs;
}

/**
 * What a project's search reads: the calibration split, or all held-out samples where the halves take turns.
 * @throws AppError 'usage' if they can't, 'file-invalid' if the profile was made for another model
 */
export function projectSearch(
  project: SearchedProject & Partial<Pick<Project, "data">>,
  profile: Profile,
  options: SearchOptions,
  offload?: Offload,
): ProjectSearch {
  checkCrossFit(options, project.data?.splitOptions);
  const on = (part: HeldOutPart) => ({ ...searchInputs(project, part, profile), offload });
  return { on, options, inputs: on(options.crossFit ? "both" : "calibration") };
}

/** Share of the time that the search on all held-out samples takes, roughly: of three the longest, with its alternatives. */
const shareOfAll = 0.6;

/**
 * {@link searchFront} of a project. Where halves take turns the front is that of all held-out samples, and beside it stands
 * what plans of either half do on the other. Temperatures stay those of the calibration split for all three: they are fitted
 * to how sure an output is and not to any plan, one number for thousands of samples, and the thresholds that count are
 * chosen after them.
 * @param paused a search of the same task to resume
 */
export async function searchProject(
  context: StageContext,
  search: ProjectSearch,
  paused?: FrontSearch,
): Promise<SearchedFront> {
  const { inputs, on, watch } = search;
  const unknown = unknownToServer(inputs);
  if (unknown) context.job.warn?.(unknown);
  const { crossFit, ...options } = search.options;
  if (!crossFit) return searchFront(context, search, paused);
  const { job } = context;
  const found = await searchFront(
    { ...context, job: partOfJob(job, 0, shareOfAll) },
    { inputs, options, watch },
    paused,
  );
  const halves: HalfPlan[] = [];
  for (const [index, chosenOn] of (["calibration", "test"] as const).entries()) {
    // A person who stopped the search doesn't wait for more.
    if (job.isTimeUp?.()) break;
    const [from, to] = [index, index + 1].map((done) => shareOfAll + ((1 - shareOfAll) * done) / 2);
    const task = { inputs: on(chosenOn), options: { ...options, compare: false }, onlyRecommends: true };
    const { front } = await searchFront({ ...context, job: partOfJob(job, from, to) }, task);
    const { exits, ...way } = front.recommended;
    halves.push({ chosenOn, exits, ...wayOf(way) });
  }
  const isStopped = job.isTimeUp?.() === true;
  const { classWeights } = options.useCase;
  const weighed = { on: (part: HeldOutPart) => ({ ...on(part), classWeights }), offload: inputs.offload };
  const estimate = estimateCrossFit(weighed, isStopped ? [] : halves);
  return { ...found, front: { ...found.front, crossFit: estimate } };
}
