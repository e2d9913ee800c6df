import { formatFactor, formatPercent } from "../../../shared/base/format-number.ts";
import type { ProjectView } from "../../../shared/files/project-view.ts";
import type { EngineView } from "../../../shared/ipc/variants.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { ReferenceModel } from "../../../shared/model/reference-model.ts";
import type { QuantiseOptions } from "../../../shared/model/stage-options.ts";
import { isThisMachine } from "../../../shared/model/this-machine.ts";
import { call } from "../call.ts";
import { useEngine } from "../engine-store.ts";
import { runJob } from "../job-store.ts";
import { notify, notifyError } from "../notice-store.ts";
import { showChanged, useProject } from "../project-store.ts";
import { targetProfile, useTargetProfile } from "../target-profile.ts";
import { openPanel } from "../view-store.ts";
import { isChanging } from "./run-stages.ts";

/** Why no network can be measured beside the plans; undefined if one can. */
function obstacleOf(
  project: ProjectView | null,
  profile: Profile | undefined,
  offers: EngineView | null,
): string | undefined {
  if (!profile) return "Needs a profiled target.";
  if (!project?.data?.available) return "Needs the data set, which isn't on this machine.";
  return isThisMachine(profile.target, offers)
    ? undefined
    : "Needs this machine as target: a reference model is timed here.";
}

export function useObstacleToMeasuring(): string | undefined {
  const project = useProject((state) => state.project);
  const offers = useEngine((state) => state.offers);
  return obstacleOf(project, useTargetProfile(), offers);
}

/** Whether the backbone can be quantised now: it has heads, images, a target here, and nothing else changes the project. */
export function canQuantise(): boolean {
  const { project } = useProject.getState();
  const obstacle = obstacleOf(project, targetProfile(), useEngine.getState().offers);
  return (project?.heads.length ?? 0) > 0 && obstacle === undefined && !isChanging();
}

/** Makes the backbone with 8-bit integers, measures it and puts it on the chart; its progress is in the profile panel. */
export async function quantiseBackbone(options: QuantiseOptions): Promise<void> {
  const profile = targetProfile();
  if (!profile) return;
  openPanel("profile");
  const project = await runJob("reference", "project.quantise", { target: profile.id, options });
  if (!project) return;
  await showChanged(project).catch(notifyError);
  const made = project.references.at(-1);
  if (made) notify(madeText(made, profile), "good");
}

function madeText({ name, accuracy, latencyMs }: ReferenceModel, { backbone }: Profile): string {
  const speedUp = formatFactor(backbone.meanMs / latencyMs.mean);
  return `${name} is on the chart: ${formatPercent(accuracy)} right, ${speedUp} as fast as the backbone`;
}

/** Asks for a place and writes the network there as an ONNX file. */
export async function saveQuantised({ name, sha256 }: ReferenceModel): Promise<void> {
  try {
    const { path } = await call("dialog.saveModel", { name });
    if (path === null) return;
    const done = await runJob("reference", "project.saveQuantised", { path, sha256 });
    if (done) notify(`Saved ${path.split(/[\\/]/).at(-1)}`, "good");
  } catch (error) {
    notifyError(error);
  }
}
