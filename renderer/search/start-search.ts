import type { ProjectView } from "../../shared/domain/project-view.ts";
import { call } from "../bridge/call.ts";
import { samePlainData } from "../pipeline/stage-state.ts";
import { useDesign } from "../stores/design-store.ts";
import { runJob, useJobs } from "../stores/job-store.ts";
import { useLive } from "../stores/live-store.ts";
import { notify } from "../stores/notice-store.ts";
import { showChanged, useProject } from "../stores/project-store.ts";
import { useSettings } from "../stores/settings-store.ts";
import { defaultForm, type SearchForm, searchOptions } from "./search-form.ts";
import { type SearchRequest, useSearchRun } from "./search-run-store.ts";

/** The form as the person left it, under its key in the settings. */
export const rememberedForm = "search.form";

export function currentForm(): SearchForm {
  return { ...defaultForm, ...(useSettings.getState().views[rememberedForm] as Partial<SearchForm>) };
}

/** Whether heads, a calibration and a profile are there, and no search runs. */
export function canSearch(): boolean {
  return useLive.getState().space !== null && useJobs.getState().search === undefined;
}

/** Searches with the form and the use case as they are now; the front grows on the chart meanwhile. */
export async function startSearch(): Promise<void> {
  const { project } = useProject.getState();
  const { target, useCase } = useDesign.getState();
  if (!project || !canSearch()) return;
  const request = { target, options: searchOptions(currentForm(), project.policies, useCase) };
  const changed = await runSearchJob(request);
  if (!changed) return;
  await showChanged(changed);
  offerRecommended();
}

/** A search that, stopped, ends with what it has found, as if its time were up; asked for again, it goes on. */
export function runSearchJob(request: SearchRequest): Promise<ProjectView | undefined> {
  useSearchRun.setState({ request });
  return runJob("search", "project.search", request, { finish: () => call("project.stopSearch", {}) });
}

/** Whether a search as the form says is the last one, whatever their time limits. */
export function isSameSearch(a: SearchRequest | null, b: SearchRequest): boolean {
  const untimed = ({ target, options: { timeLimit, ...options } }: SearchRequest) => ({ target, options });
  return a !== null && samePlainData(untimed(a), untimed(b));
}

/** The recommended plan becomes the live one only if there is none; otherwise the person decides. */
function offerRecommended(): void {
  const recommended = useProject.getState().project?.front?.recommended;
  if (!recommended) return;
  const { exits, takePlan } = useDesign.getState();
  if (exits.length === 0) {
    takePlan(recommended.exits);
    return;
  }
  if (JSON.stringify(exits) === JSON.stringify(recommended.exits)) return;
  notify(
    recommended.feasible
      ? "The search recommends another plan."
      : "No plan meets the use case; the search recommends the nearest.",
    "info",
    { label: "Take it", run: () => takePlan(recommended.exits) },
  );
}
