import { samePlainData } from "../../../shared/base/plain-data.ts";
import { isTuned } from "../../../shared/model/families.ts";
import { filledSplitOptions } from "../dataset/splits/splits.ts";
import type { Member, Project, ProjectData, TrainedProject } from "../project/project.ts";
import { dataOfMember, type LoadedData } from "./load-data.ts";
import { checkSameSamples } from "./member-stage.ts";
import type { StageRunner } from "./stage-context.ts";
import { calibrateNetwork } from "./train-network.ts";

/**
 * A project whose heads were trained anew, with the tuned networks that it had. Their heads learnt together with them, so they
 * are kept and calibrated beside the new ones. Where the data is divided otherwise, or images are made otherwise, a tuned network
 * may have learnt from what it would be judged by: it is left out, and the job warns of it.
 * @param data as the heads were trained on it
 */
export async function keepTuned(
  before: Project,
  after: TrainedProject,
  data: LoadedData,
  stages: StageRunner,
): Promise<TrainedProject> {
  const policies = [...after.tables.calibration.keys()];
  const members = [...after.members];
  for (const tuned of before.members.filter(isTuned)) {
    const { name } = tuned.backbone.summary;
    const isKept = isDividedAlike(before.data, after.data) && isMadeAlike(tuned, after);
    const own = { backbone: tuned.backbone, preprocess: tuned.preprocess, member: name };
    if (!isKept) {
      await stages.run("calibrate", async ({ job }) => job.warn?.(leftOut(name)), name);
      continue;
    }
    const images = await dataOfMember(data, own);
    const network = { ...own, data: images };
    const { model } = await calibrateNetwork(network, { heads: tuned.heads }, policies, stages);
    checkSameSamples(model, after);
    members.push({ ...model, preprocess: tuned.preprocess, tunedFrom: tuned.tunedFrom });
  }
  return { ...after, members };
}

function leftOut(name: string): string {
  return `${name} is left out: it learnt from images that may be held out now; tune again`;
}

/** How many of the training images heads learn from doesn't matter. */
function isDividedAlike(before: ProjectData | null, after: ProjectData): boolean {
  const division = ({ path, splitOptions }: ProjectData) => {
    const { trainLimit: _, ...options } = filledSplitOptions(splitOptions);
    return { path, options };
  };
  return before !== null && samePlainData(division(before), division(after));
}

/** Whether the network that it was tuned from is there, and reads images as it does. */
function isMadeAlike({ tunedFrom, preprocess }: Member, after: TrainedProject): boolean {
  const origin = [after, ...after.members].find(({ backbone }) => backbone.summary.sha256 === tunedFrom);
  return origin !== undefined && samePlainData(origin.preprocess, preprocess);
}
