import { samePlainData } from "../../../shared/base/plain-data.ts";
import type { ProjectView } from "../../../shared/files/project-view.ts";
import type { Design } from "../../../shared/model/design.ts";
import { isBackbone, isSamePlan, type PartitionedPlan } from "../../../shared/model/plan.ts";
import { chosenProfile } from "../../../shared/model/profile.ts";
import { call } from "../call.ts";
import { livePlanOf, useDesign } from "../design-store.ts";
import { runJob, useJobs } from "../job-store.ts";
import { useLive } from "../live-store.ts";
import { notify } from "../notice-store.ts";
import { showChanged, useProject } from "../project-store.ts";
import { beginSearch, endSearch, type SearchRequest } from "../search-run-store.ts";
import { foundBySearch, takeRecommended } from "../take-recommended.ts";
import { type SearchForm, searchedOffload, searchForm, searchOptions } from "./search-form.ts";

/** Whether heads, a calibration and a profile are there, and no search runs. */
export function canSearch(): boolean {
  return useLive.getState().space !== null && useJobs.getState().search === undefined;
}

/** Searches with the form and the use case as they are now; the front grows on the chart meanwhile. */
export async function startSearch(): Promise<void> {
  const { project } = useProject.getState();
  if (!project || !canSearch()) return;
  const design = useDesign.getState();
  const changed = await runSearchJob(searchRequest(searchForm(design), project, design));
  if (!changed) return;
  await showChanged(changed);
  offerRecommended();
}

/** What a form asks for, of a project with a profile. */
export function searchRequest(form: SearchForm, project: ProjectView, design: Design): SearchRequest {
  const options = searchOptions(form, project.policies, design.useCase);
  const { id: target } = chosenProfile(project.profiles, design.target)!;
  return { target, offload: searchedOffload(form, design), options };
}

/** A search that, stopped, ends with what it has found, as if its time were up; asked for again, it continues. */
export async function runSearchJob(request: SearchRequest): Promise<ProjectView | undefined> {
  if (useJobs.getState().search) return undefined;
  beginSearch(request);
  const finish = () => call("project.stopSearch", {});
  const found = await runJob("search", "project.search", request, { finish });
  endSearch(found?.revision);
  return found;
}

/** Whether a search as the form says is the last one, whatever their time limits. */
export function isSameSearch(a: SearchRequest | null, b: SearchRequest): boolean {
  const untimed = ({ options: { timeLimit, ...options }, ...targets }: SearchRequest) => [targets, options];
  return a !== null && samePlainData(untimed(a), untimed(b));
}

/** The recommended plan becomes the live one only if there is none, and it meets the use case; otherwise the person decides. */
function offerRecommended(): void {
  const front = useProject.getState().project?.front;
  if (!front) return;
  const { recommended } = front;
  const design = useDesign.getState();
  const take = () => takeRecommended(foundBySearch(front));
  if (isBackbone(design)) {
    take();
    return;
  }
  if (isSamePlan(recommended, livePlanOf(design))) return;
  notify(
    recommended.feasible
      ? "The search recommends another plan."
      : "No plan meets the use case; the search recommends the nearest.",
    "info",
    { label: "Take it", run: take },
    { isOver: () => isTakenOrGone(recommended) },
  );
}

/** Whether a plan that was recommended is the live one now, or another is recommended. */
function isTakenOrGone(recommended: PartitionedPlan): boolean {
  const front = useProject.getState().project?.front;
  return front?.recommended !== recommended || isSamePlan(recommended, livePlanOf(useDesign.getState()));
}
