import { AppError } from "../../../shared/base/errors.ts";
import { searchOptionsSchema } from "../../../shared/model/stage-options.ts";
import type { JobKind } from "../../../shared/presentation/progress/stage-state.ts";
import { call } from "../call.ts";
import { replaceProfile, setTarget, useDesign } from "../design-store.ts";
import { useEngine } from "../engine-store.ts";
import { failureOf, runJob, useJobs } from "../job-store.ts";
import { asksForOutput } from "../model-questions.ts";
import { notify, notifyError } from "../notice-store.ts";
import { showChanged, useProject } from "../project-store.ts";
import { useSettings } from "../settings-store.ts";
import { foundBySearch, takeRecommended } from "../take-recommended.ts";
import { targetProfile } from "../target-profile.ts";
import { checkChoice, choiceOf, rememberTrained, requestOf, stopCheck, useDataForm } from "./data-form.ts";
import { headWish, useHeadsForm } from "./heads-form.ts";
import { profileChange } from "./profile-change.ts";
import { useProfileForm } from "./profile-form.ts";
import { defaultForm, searchedOffload } from "./search-form.ts";
import { runSearchJob } from "./start-search.ts";

/** Jobs that change the project or must not see it change; the engine runs one of them at a time. */
const changingJobs = [
  "open",
  "train",
  "profile",
  "search",
  "reference",
  "robustness",
  "member",
  "tune",
  "ensemble",
  "export",
] as const satisfies JobKind[];

export function isChanging(): boolean {
  const jobs = useJobs.getState();
  return changingJobs.some((kind) => jobs[kind]);
}

/** Whether one of them is under way. */
export function useChanging(): boolean {
  return useJobs((jobs) => changingJobs.some((kind) => jobs[kind]));
}

/** Trains the heads that the forms say, if any, and calibrates all. @returns whether it went through */
export async function trainHeads(): Promise<boolean> {
  const { offers } = useEngine.getState();
  const data = choiceOf(useDataForm.getState());
  const { force } = useDataForm.getState();
  const form = useHeadsForm.getState();
  const choice = requestOf(data);
  if (!offers || !choice) return false;
  const wish = headWish(form, offers);
  const brings = useProject.getState().project?.backbone.readyExits.length ?? 0;
  if (wish.heads.length === 0 && brings === 0) return false;
  stopCheck();
  const project = await runJob("train", "project.train", {
    ...choice,
    ...wish,
    training: form.training,
    force,
  });
  if (!project) {
    // What the person may have to confirm has to be visible.
    if (useDataForm.getState().check === null) void checkChoice();
    return false;
  }
  rememberTrained(data);
  await showChanged(project).catch(notifyError);
  return true;
}

/** Profiles this machine and takes it as the target. @returns whether it went through */
export async function profileTarget(): Promise<boolean> {
  const { provider, threads, seconds } = useProfileForm.getState();
  const before = useProject.getState().project?.profiles ?? [];
  stopCheck();
  const project = await runJob("profile", "project.profile", { target: { provider, threads }, seconds });
  if (!project) return false;
  await showChanged(project).catch(notifyError);
  const { made, replaced } = profileChange(before, project.profiles);
  if (made && replaced) replaceProfile(replaced, made);
  if (made) setTarget(made);
  return true;
}

/** Has workers of the fleet profile it, all at once, and takes the first as the target if there was none. */
export async function profileOnWorkers(workers: readonly string[]): Promise<void> {
  const { provider, threads, seconds } = useProfileForm.getState();
  const before = useProject.getState().project?.profiles ?? [];
  const { fleet: server } = useSettings.getState();
  const request = { server, workers: [...workers], target: { provider, threads }, seconds };
  const outcome = await runJob("profile", "project.profileOn", request, { workers });
  if (!outcome) return;
  const { project, failures } = outcome;
  await showChanged(project).catch(notifyError);
  // One that was measured again stands where it stood, and new ones come last.
  before.forEach(({ id }, place) => {
    const again = project.profiles[place].id;
    if (again !== id) replaceProfile(id, again);
  });
  const [first] = project.profiles;
  if (before.length === 0 && first) setTarget(first.id);
  const isOver = () => useJobs.getState().profile !== undefined;
  for (const { message } of failures) notifyError(new AppError("fleet-unavailable", message), { isOver });
}

/** Asks for a profile of another machine, brings it in and takes it as the target. */
export async function importProfile(): Promise<void> {
  try {
    const { path } = await call("dialog.open", { purpose: "profile" });
    if (path) await importProfileFrom(path);
  } catch (error) {
    notifyError(error);
  }
}

/** Brings in a profile of another machine and takes it as the target. */
export async function importProfileFrom(path: string): Promise<void> {
  try {
    const before = useProject.getState().project?.profiles ?? [];
    const project = await call("project.importProfile", { path });
    await showChanged(project);
    const { made } = profileChange(before, project.profiles);
    if (made) setTarget(made);
    else notify("That profile is in the project already.");
  } catch (error) {
    notifyError(error);
  }
}

export async function removeProfile(id: string): Promise<void> {
  try {
    const project = await call("project.removeProfile", { id });
    await showChanged(project);
    replaceProfile(id, null);
  } catch (error) {
    notifyError(error);
  }
}

export async function addReference(): Promise<void> {
  try {
    const { path } = await call("dialog.open", { purpose: "reference" });
    if (path) await measureReference(path);
  } catch (error) {
    notifyError(error);
  }
}

/** Measures a network beside the plans on the chosen target. @param output tensor with its class scores, if it had to be asked for */
export async function measureReference(path: string, output?: string): Promise<void> {
  const target = targetProfile()?.id;
  if (target === undefined) return;
  const onFailure = (error: unknown) => {
    if (!asksForOutput(error, path, (name) => void measureReference(path, name)))
      failureOf("reference")(error);
  };
  const project = await runJob("reference", "project.addReference", { path, target, output }, { onFailure });
  if (project) await showChanged(project).catch(notifyError);
}

export async function removeReference(sha256: string): Promise<void> {
  try {
    await showChanged(await call("project.removeReference", { sha256 }));
  } catch (error) {
    notifyError(error);
  }
}

/** Searches with the defaults for the use case as it is now, and takes what is recommended, if it meets the use case or the person agrees. */
export async function searchAndTake(): Promise<boolean> {
  const design = useDesign.getState();
  const target = targetProfile()?.id;
  if (target === undefined) return false;
  const options = searchOptionsSchema.parse({ useCase: design.useCase });
  const offload = searchedOffload(defaultForm, design);
  const project = await runSearchJob({ target, offload, options });
  if (!project) return false;
  await showChanged(project).catch(notifyError);
  if (project.front) takeRecommended(foundBySearch(project.front));
  return true;
}
