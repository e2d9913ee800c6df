import type { ProjectView } from "../../shared/files/project-view.ts";
import type { Profile } from "../../shared/model/profile.ts";
import { robustnessOptionsSchema } from "../../shared/model/robustness-options.ts";
import { runJob } from "./job-store.ts";
import { livePlanFile } from "./live-plan-file.ts";
import { notifyError } from "./notice-store.ts";
import { setPanes } from "./panes.ts";
import { showChanged, useProject } from "./project-store.ts";
import { remember } from "./settings-store.ts";
import { isChanging } from "./stages/run-stages.ts";
import { targetProfile, useTargetProfile } from "./target-profile.ts";

/** Which of the views beside the chart is open, and the one that shows corrupted images. */
export const plansTab = "plans.tab";
export const shiftTab = "shift";

/** Why no plan can be tried on corrupted images; undefined if one can. */
function obstacleOf(project: ProjectView | null, profile: Profile | undefined): string | undefined {
  if (!project || project.heads.length === 0) return "It needs exit heads.";
  if (!profile) return "It needs the latencies of a target.";
  return project.data?.available ? undefined : "It needs the data set, which isn't on this machine.";
}

export function useObstacleToTrying(): string | undefined {
  const project = useProject((state) => state.project);
  return obstacleOf(project, useTargetProfile());
}

export function canTryCorrupted(): boolean {
  return obstacleOf(useProject.getState().project, targetProfile()) === undefined && !isChanging();
}

/** Tries the live plan on corrupted test images, all corruptions and severities; its progress is beside the chart. */
export async function tryCorrupted(): Promise<void> {
  const plan = livePlanFile();
  const profile = targetProfile();
  if (!plan || !profile) return;
  setPanes({ plans: true });
  remember(plansTab, shiftTab);
  const options = robustnessOptionsSchema.parse({});
  const request = { plan, target: profile.id, options };
  const project = await runJob("robustness", "project.tryCorrupted", request);
  if (project) await showChanged(project).catch(notifyError);
}
