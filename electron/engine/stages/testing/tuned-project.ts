import { silentJob } from "../../../../shared/base/job.ts";
import { StageCache } from "../../base/cache.ts";
import { headChoices } from "../../heads/head-choices.ts";
import { loadProjectData } from "../../process/project-data.ts";
import { openProject } from "../../project/open-project.ts";
import { withTuned } from "../../project/other-networks.ts";
import { trainedProject } from "../../project/project.ts";
import { saveProject } from "../../project/project-archive.ts";
import { asTuned } from "../../project/testing/tuned-networks.ts";
import { dataOfMember } from "../load-data.ts";
import { createStageRunner } from "../stage-context.ts";
import { calibrateNetwork, trainNetwork } from "../train-network.ts";

/**
 * For tests: writes the project as if its backbone had been tuned, without PyTorch. The tuned network's weights are the backbone's but
 * for a thousandth; what makes it better are its heads, which are trained for more epochs.
 * @param cacheFolder for what is computed on the way
 */
export async function writeTunedProject(
  from: string,
  to: string,
  cacheFolder: string,
  epochs = 30,
): Promise<void> {
  const project = trainedProject(await openProject(from));
  const cache = new StageCache(cacheFolder);
  const stages = createStageRunner(cache, () => silentJob);
  const data = await loadProjectData(project, cache, silentJob);
  try {
    const { preprocess } = project;
    const backbone = asTuned(project.backbone);
    const network = { backbone, preprocess, member: backbone.summary.name };
    const own = { ...network, data: await dataOfMember(data, network) };
    const { heads, options } = project.data.training!;
    const training = { ...options, epochs };
    const trained = await trainNetwork(own, { heads: headChoices(heads), training, cutShare: 1 }, stages);
    const policies = [...project.tables.calibration.keys()];
    const { model } = await calibrateNetwork(own, trained, policies, stages);
    const tunedFrom = project.backbone.summary.sha256;
    await saveProject(withTuned(project, { ...model, preprocess, tunedFrom }), to);
  } finally {
    await data.source.close();
  }
}
