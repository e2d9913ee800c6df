import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { silentJob } from "../../../../shared/base/job.ts";
import { outputHead, type PartitionedPlan } from "../../../../shared/model/plan.ts";
import { preprocessSchema } from "../../../../shared/model/preprocess.ts";
import { trainOptionsSchema } from "../../../../shared/model/stage-options.ts";
import { StageCache } from "../../base/cache.ts";
import { gapLinear } from "../../heads/gap-linear.ts";
import type { HeadKind } from "../../heads/head-kind.ts";
import { encodeModel } from "../../onnx/codec.ts";
import { importProto } from "../../onnx/testing/test-backbone.ts";
import type { CalibratedModel, TrainedProject } from "../../project/project.ts";
import { importMembers } from "../member-stage.ts";
import { createStageRunner } from "../stage-context.ts";
import { trainProject } from "../train-project.ts";
import { blindToBlue, colourFolder, colourNetwork, strongestColour } from "./test-colour-network.ts";

/**
 * For tests: a network and a smaller one beside it, trained on pictures of colours. The caller closes the data.
 * @param preprocess of the smaller one
 */
export async function trainColours(small: Parameters<typeof colourNetwork>[0], preprocess: object) {
  const folder = await colourFolder();
  const cache = new StageCache(join(folder, "cache"));
  const runner = createStageRunner(cache, () => silentJob);
  const backbone = await importProto(colourNetwork(strongestColour));
  const path = join(folder, "small.onnx");
  await writeFile(path, encodeModel(colourNetwork(small)));
  const unit = preprocessSchema.parse({});
  const wanted = { path, preprocess: preprocessSchema.parse(preprocess) };
  const members = await importMembers([wanted], backbone, unit, runner);
  const request = {
    dataPath: join(folder, "data"),
    preprocess: unit,
    splits: {},
    heads: [{ kind: gapLinear as HeadKind, options: {} }],
    training: trainOptionsSchema.parse({ epochs: 1, batchSize: 32, seed: 1 }),
  };
  const { project, data } = await trainProject(backbone, request, runner, members);
  return { folder, context: { cache, job: silentJob }, project, data };
}

/** For tests: such a project whose smaller network reads other images. The caller closes the data. */
export function colourProject() {
  return trainColours(blindToBlue, { resize: [2, 2], mean: [0.25], standardDeviation: [0.5] });
}

/** For tests: a plan through the smaller network, whose last head and output are exits, and then the other, whose last head is one. */
export function colourPlan(project: TrainedProject): PartitionedPlan {
  const [{ backbone, heads }] = project.members;
  const member = backbone.summary.sha256;
  const at = { policy: "top1", threshold: 0.5 };
  const lastOf = (own: CalibratedModel["heads"]) => {
    const { cutPoint, kind } = own[own.length - 1];
    return { cutPoint, head: kind, ...at };
  };
  return {
    chain: [member, project.backbone.summary.sha256],
    exits: [
      { member, ...lastOf(heads) },
      { member, cutPoint: backbone.summary.output.name, head: outputHead, ...at },
      lastOf(project.heads),
    ],
  };
}
