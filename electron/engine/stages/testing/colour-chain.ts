import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { silentJob } from "../../../../shared/base/job.ts";
import { planFile } from "../../../../shared/files/plan-file.ts";
import { preprocessSchema } from "../../../../shared/model/preprocess.ts";
import { trainOptionsSchema } from "../../../../shared/model/stage-options.ts";
import { StageCache } from "../../base/cache.ts";
import type { ExportFormat } from "../../export/export-format.ts";
import { gapLinear } from "../../heads/gap-linear.ts";
import type { HeadKind } from "../../heads/head-kind.ts";
import { encodeModel } from "../../onnx/codec.ts";
import { importProto } from "../../onnx/testing/test-backbone.ts";
import { exportPlan } from "../export-stage.ts";
import { importMembers } from "../member-stage.ts";
import { createStageRunner } from "../stage-context.ts";
import { trainProject } from "../train-project.ts";
import { blindToBlue, colourFolder, colourNetwork, strongestColour } from "./test-colour-network.ts";

const unit = preprocessSchema.parse({});

/** For tests: a trained project whose member reads images of another size or scale, and an exported plan of the member alone. */
export async function colourChain(side: number, preprocess: object, format: ExportFormat) {
  const folder = await colourFolder();
  const runner = createStageRunner(new StageCache(join(folder, "cache")), () => silentJob);
  const backbone = await importProto(colourNetwork(strongestColour));
  const path = join(folder, "small.onnx");
  await writeFile(path, encodeModel(colourNetwork({ ...blindToBlue, side })));
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
  onTestFinished(() => data.source.close());
  const chain = [project.members[0].backbone.summary.sha256];
  const plan = planFile(backbone.summary.sha256, { exits: [], chain });
  const out = join(folder, "out");
  await mkdir(out);
  await exportPlan(project, plan, [format], out);
  return { project, data, plan, file: join(out, format.target) };
}
