import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "../../../shared/base/job.ts";
import { type BackboneCheck, backboneCheckSchema } from "../../../shared/model/backbone-check.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import { checkBackbone } from "../check/check-backbone.ts";
import type { Backbone } from "../onnx/backbone.ts";
import type { LoadedData } from "./load-data.ts";
import type { StageContext } from "./stage-context.ts";

/** Where there is little time: images that are tried, and when to end trying other ways of preparing them. */
export interface CheckLimits {
  readonly images: number;
  readonly seconds: number;
}

/** {@link checkBackbone} as a stage: kept, as it runs the backbone on up to some thousand images. */
export async function checkBackboneOnce(
  { cache, job }: StageContext,
  backbone: Backbone,
  data: LoadedData,
  preprocess: Preprocess,
  limits?: CheckLimits,
): Promise<BackboneCheck> {
  const started = performance.now();
  const limited: Job = limits
    ? { ...job, isTimeUp: () => performance.now() - started > 1000 * limits.seconds }
    : job;
  const produce = async (folder: string) =>
    writeFile(
      join(folder, "check.json"),
      JSON.stringify(await checkBackbone(backbone, data, preprocess, limited, limits?.images)),
    );
  const read = async (folder: string) =>
    backboneCheckSchema.parse(JSON.parse(await readFile(join(folder, "check.json"), "utf8")));
  const key = { sha256: backbone.summary.sha256, data: data.key, ...limits };
  return (await cache.get({ stage: "check", key, produce, read }, job)).result;
}
