import type { ProjectView } from "../../shared/files/project-view.ts";
import { isWeightedAlike } from "../../shared/files/searched-use-case.ts";
import type { Profile } from "../../shared/model/profile.ts";
import type { VerifyOptions } from "../../shared/model/stage-options.ts";
import type { UseCase } from "../../shared/model/use-case.ts";
import { call } from "../state/call.ts";
import { useDesign } from "../state/design-store.ts";
import { messageOf } from "../state/error-message.ts";
import { runJob } from "../state/job-store.ts";
import { livePlanFile } from "../state/live-plan-file.ts";
import { useProject } from "../state/project-store.ts";
import { changeExport, useExportForm } from "../state/stages/export-form.ts";
import { targetProfile } from "../state/target-profile.ts";

/** Whether there is what an export needs. */
export function canExport(): boolean {
  const { project } = useProject.getState();
  return project !== null && project.heads.length > 0 && project.profiles.length > 0;
}

/** Why a verification can't be made here; undefined if it can. */
export function obstacleToVerifying(
  { data }: Pick<ProjectView, "data">,
  targetIsHere: boolean,
): string | undefined {
  if (!data?.available) return "The data set isn't on this machine, so there is no test split to run.";
  if (!targetIsHere)
    return "The target is another machine; its latencies can be measured only there, with offramp verify.";
  return undefined;
}

/** Why there can be no report; undefined if there can. */
export function obstacleToReport(
  { front }: Pick<ProjectView, "front">,
  profile: Profile | undefined,
  useCase: UseCase,
  verifies: boolean,
): string | undefined {
  if (!verifies) return "A report shows measured figures, so it needs the verification.";
  if (!front || front.profile !== profile?.id)
    return "A report shows the plan beside the front of its target; search there first.";
  if (!isWeightedAlike(front.useCase, useCase))
    return "A report shows the plan beside the front, which was searched with other class weights; search again.";
  return undefined;
}

export async function chooseFolder(): Promise<void> {
  const { path } = await call("dialog.open", { purpose: "exportFolder" });
  if (path) changeExport({ folder: path, error: null });
}

/** Writes the live plan in the chosen formats; the outcome lands in the form. */
export async function exportLivePlan(choice: {
  readonly formats: readonly string[];
  readonly verify: boolean;
  readonly verifying: VerifyOptions;
  readonly report: boolean;
}): Promise<void> {
  const { folder } = useExportForm.getState();
  const plan = livePlanFile();
  const profile = targetProfile();
  const { useCase } = useDesign.getState();
  if (!folder || !plan || !profile) return;
  changeExport({ error: null, asking: false });
  const result = await runJob(
    "export",
    "project.export",
    { folder, plan, target: profile.id, useCase, ...choice, formats: [...choice.formats] },
    { onFailure: (error) => changeExport({ error: messageOf(error) }) },
  );
  if (result)
    changeExport({
      result: { ...result, plan, target: profile.target },
      again: false,
    });
}
