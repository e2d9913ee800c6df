import type { ProjectView } from "../../shared/files/project-view.ts";
import { isWeightedAlike } from "../../shared/files/searched-use-case.ts";
import type { WorkerState } from "../../shared/fleet/worker-state.ts";
import type { PinnedPlan } from "../../shared/model/design.ts";
import type { Profile } from "../../shared/model/profile.ts";
import type { VerifyOptions } from "../../shared/model/stage-options.ts";
import { isThisMachine } from "../../shared/model/this-machine.ts";
import type { UseCase } from "../../shared/model/use-case.ts";
import { call } from "../state/call.ts";
import { useDesign } from "../state/design-store.ts";
import { messageOf } from "../state/error-message.ts";
import { runJob } from "../state/job-store.ts";
import { filedPlan, livePlanFile } from "../state/live-plan-file.ts";
import { useProject } from "../state/project-store.ts";
import { useSettings } from "../state/settings-store.ts";
import { changeExport, type Fitted, useExportForm } from "../state/stages/export-form.ts";
import { targetProfile } from "../state/target-profile.ts";

/** Whether there is what an export needs. */
export function canExport(): boolean {
  const { project } = useProject.getState();
  return project !== null && project.heads.length > 0 && project.profiles.length > 0;
}

/** Why a verification can't be made here; undefined if it can. */
export function obstacleToVerifying(
  { data }: Pick<ProjectView, "data">,
  canMeasure: boolean,
): string | undefined {
  if (!data?.available) return "The data set isn't on this machine, so there is no test split to run.";
  if (!canMeasure)
    return "The target is another machine; its latencies can be measured only there, by a worker of the fleet or with offramp verify.";
  return undefined;
}

/**
 * Who verifies what is exported, if nobody was chosen who is there: the machine that the plan was designed for.
 * @param chosen a worker's name; null for this machine
 * @returns undefined if that machine isn't there
 */
export function verifierOf(
  chosen: string | null | undefined,
  profile: Profile | undefined,
  targetIsHere: boolean,
  workers: readonly WorkerState[],
): string | null | undefined {
  if (chosen === null && targetIsHere) return null;
  if (workers.some(({ name }) => name === chosen)) return chosen;
  if (targetIsHere) return null;
  return profile && workers.find((worker) => isThisMachine(profile.target, worker))?.name;
}

/** Why there can be no report; undefined if there can. */
export function obstacleToReport(
  { front }: Pick<ProjectView, "front">,
  profile: Profile | undefined,
  useCase: UseCase,
  verifies: boolean,
  together: boolean,
): string | undefined {
  if (together) return "A report shows the plan beside the front, whose plans have exits that answer alone.";
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
export async function exportLivePlan({
  verifier,
  together,
  points: pinned,
  ...choice
}: {
  readonly formats: readonly string[];
  /** Pinned plans that the files can be run as, too. */
  readonly points: readonly PinnedPlan[];
  readonly verify: boolean;
  readonly verifying: VerifyOptions;
  readonly report: boolean;
  /** Of the live plan, if its exits are to answer together. */
  readonly together: Fitted | undefined;
  /** The worker that verifies; this machine if null. */
  readonly verifier: string | null;
}): Promise<void> {
  const { folder } = useExportForm.getState();
  const plan = livePlanFile();
  const profile = targetProfile();
  const { useCase } = useDesign.getState();
  if (!folder || !plan || !profile) return;
  const { fleet: server } = useSettings.getState();
  const on = verifier === null || !choice.verify ? undefined : { server, worker: verifier };
  const points = pinned.flatMap(({ name, ...own }) => {
    const filed = filedPlan(own);
    return filed ? [{ name, plan: filed }] : [];
  });
  changeExport({ error: null, asking: false });
  const result = await runJob(
    "export",
    "project.export",
    {
      folder,
      plan: together?.plan ?? plan,
      points,
      target: profile.id,
      useCase,
      ...choice,
      formats: [...choice.formats],
      on,
    },
    { onFailure: (error) => changeExport({ error: messageOf(error) }) },
  );
  if (result)
    changeExport({
      result: { ...result, plan, target: profile.target, together },
      again: false,
    });
}
