import { create } from "zustand";
import { isThisMachine } from "../../../shared/model/this-machine.ts";
import { coversHeads } from "../../../shared/presentation/progress/stage-state.ts";
import { setTarget } from "../design-store.ts";
import { learnProviders, useEngine } from "../engine-store.ts";
import { messageOf } from "../error-message.ts";
import { useJobs } from "../job-store.ts";
import { notify } from "../notice-store.ts";
import { useProject } from "../project-store.ts";
import { openPanel } from "../view-store.ts";
import { draftOf, useDataForm } from "./data-form.ts";
import { useProfileForm } from "./profile-form.ts";
import { profileTarget, searchAndTake, trainHeads } from "./run-stages.ts";

export const runAllSteps = ["train", "profile", "search"] as const;
export type RunAllStep = (typeof runAllSteps)[number];

interface RunAllState {
  /** The step under way; null when nothing runs. */
  readonly step: RunAllStep | null;
  /** Where the last run ended early: what stopped or failed. */
  readonly endedAt: RunAllStep | null;
  /** Whether the person wants it to end, also between two steps. */
  readonly stopping: boolean;
}

export const useRunAll = create<RunAllState>()(() => ({
  step: null,
  endedAt: null,
  stopping: false,
}));

/** Where the last run ended is no longer of interest, or says nothing of the project that is open now. */
export function forgetEndOfRun(): void {
  useRunAll.setState({ endedAt: null });
}

const runStep: Readonly<Record<RunAllStep, () => Promise<boolean>>> = {
  train: trainHeads,
  profile: profileTarget,
  search: searchAndTake,
};

/** Whether there is all that a run needs: data to train with, or heads that are trained. */
export function canRunAll(): boolean {
  const { project } = useProject.getState();
  const hasStart = (project?.heads.length ?? 0) > 0 || draftOf(useDataForm.getState()).chosen;
  return project !== null && hasStart && useRunAll.getState().step === null;
}

/** Trains, profiles and searches, one after the other, leaving out what is there; then shows the workbench. */
export async function runAll(): Promise<void> {
  if (!canRunAll()) return;
  const obstacle = await obstacleToTarget();
  if (obstacle !== undefined) {
    openPanel("profile");
    notify(obstacle, "bad", undefined, { about: "provider" });
    return;
  }
  if (!canRunAll()) return;
  useRunAll.setState({ stopping: false });
  for (const step of runAllSteps) {
    if (isSettled(step)) continue;
    useRunAll.setState({ step, endedAt: null });
    if (useRunAll.getState().stopping || !(await runStep[step]())) {
      useRunAll.setState({ step: null, endedAt: step, stopping: false });
      return;
    }
  }
  useRunAll.setState({ step: null, endedAt: null, stopping: false });
  openPanel(null);
  if (useProject.getState().project?.front?.recommended.feasible)
    notify("Done: the recommended plan is the live one. Touch the graph or the chart to change it.", "good");
  else notify("Done, but no plan meets the use case.");
}

/** Why the chosen target can't be profiled, which is better known before anything is trained; undefined if it can. */
async function obstacleToTarget(): Promise<string | undefined> {
  const { provider } = useProfileForm.getState();
  // It runs everywhere, and what it is compared with need not be tried.
  if (provider === "cpu") return undefined;
  try {
    const here = (await learnProviders()).find(({ name }) => name === provider);
    if (here && here.obstacle === null) return undefined;
    return `${provider} doesn't work on this machine: ${here?.obstacle ?? "ONNX Runtime has no such provider"}.`;
  } catch (error) {
    return messageOf(error);
  }
}

function isSettled(step: RunAllStep): boolean {
  const { project } = useProject.getState();
  if (!project || step === "search") return false;
  if (step === "train") return project.heads.length > 0 && !draftOf(useDataForm.getState()).differs;
  const { provider, threads } = useProfileForm.getState();
  const { offers } = useEngine.getState();
  const known = project.profiles.find(
    (profile) =>
      profile.target.provider === provider &&
      profile.target.threads === threads &&
      isThisMachine(profile.target, offers) &&
      coversHeads(profile, project),
  );
  if (known) setTarget(known.id);
  return known !== undefined;
}

/** Stops every job that runs, and with it a run of all stages. */
export function stopAll(): void {
  if (useRunAll.getState().step) useRunAll.setState({ stopping: true });
  for (const job of Object.values(useJobs.getState())) job?.stop();
}
