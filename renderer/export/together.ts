import { samePlainData } from "../../shared/base/plain-data.ts";
import { asSentence } from "../../shared/base/sentence.ts";
import { guaranteeFor } from "../../shared/files/searched-use-case.ts";
import type { Request } from "../../shared/ipc/channels.ts";
import { whyNoEnsemble } from "../../shared/memory/why-no-ensemble.ts";
import { isSamePlan } from "../../shared/model/plan.ts";
import { livePlanOf, useDesign } from "../state/design-store.ts";
import { messageOf } from "../state/error-message.ts";
import { runJob, useJobs } from "../state/job-store.ts";
import { livePlanFile } from "../state/live-plan-file.ts";
import { useProject } from "../state/project-store.ts";
import { changeExport, type Fitted, useExportForm } from "../state/stages/export-form.ts";
import { isChanging } from "../state/stages/run-stages.ts";
import { targetProfile, useTargetProfile } from "../state/target-profile.ts";

export const togetherLabel = "Exits answer together (geometric ensemble)";

/** Why the live plan's exits can't answer together; undefined if they can. */
export function obstacleToTogether(): string | undefined {
  const { project } = useProject.getState();
  const design = useDesign.getState();
  const plan = livePlanOf(design);
  const why = whyNoEnsemble(plan);
  if (why) return asSentence(why);
  if (!project?.data?.available)
    return "The data set isn't on this machine, so there are no images to fit the exits to.";
  const found = project.front && isSamePlan(plan, project.front.recommended) ? project.front : undefined;
  if (guaranteeFor(found, design.useCase)?.holds)
    return "The plan's guarantee was tested with exits that answer alone, and says nothing of others.";
  return undefined;
}

/** What the engine is asked; undefined before there is a plan and a target. */
function question(): Request<"project.ensemble"> | undefined {
  const plan = livePlanFile();
  const profile = targetProfile();
  const { classWeights } = useDesign.getState().useCase;
  return plan && profile ? { plan, target: profile.id, classWeights } : undefined;
}

/** What was fitted to the live plan as it is now. */
function currentlyFitted(): Fitted | undefined {
  const { fitted } = useExportForm.getState();
  const isOfProject = fitted?.revision === useProject.getState().project?.revision;
  return fitted && isOfProject && samePlainData(fitted.asked, question()) ? fitted : undefined;
}

/** What would be exported if exits are to answer together; undefined if they aren't. */
export function chosenTogether(): Fitted | undefined {
  const { together } = useExportForm.getState();
  return together && obstacleToTogether() === undefined ? currentlyFitted() : undefined;
}

/** How it stands with exits that answer together, also while plan, project and target change. */
export function useTogether() {
  useDesign();
  useProject();
  useExportForm();
  useTargetProfile();
  const isFitting = useJobs((jobs) => jobs.ensemble !== undefined);
  return { obstacle: obstacleToTogether(), chosen: chosenTogether(), isFitting };
}

/** Has exits answer together or alone; they are fitted to each other first, unless that was done. */
export async function answerTogether(isOn: boolean): Promise<void> {
  changeExport({ together: isOn, error: null });
  const asked = question();
  const { project } = useProject.getState();
  if (!isOn || !asked || !project || currentlyFitted() || isChanging()) return;
  const { revision } = project;
  const found = await runJob("ensemble", "project.ensemble", asked, {
    onFailure: (error) => changeExport({ error: messageOf(error) }),
  });
  changeExport(found ? { fitted: { ...found, asked, revision } } : { together: false });
}
