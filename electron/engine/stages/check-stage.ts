import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BackboneCheck, backboneCheckSchema } from "../../../shared/model/backbone-check.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import { checkBackbone } from "../check/check-backbone.ts";
import type { Backbone } from "../onnx/backbone.ts";
import type { LoadedData } from "./load-data.ts";
import type { StageContext } from "./stage-context.ts";

/** {@link checkBackbone} as a stage: kept, as it runs the backbone on up to some thousand images. @param seconds that it may take */
export async function checkBackboneOnce(
  { cache, job }: StageContext,
  backbone: Backbone,
  data: LoadedData,
  preprocess: Preprocess,
  seconds?: number,
): Promise<BackboneCheck> {
  const produce = async (folder: string) =>
    writeFile(
      join(folder, "check.json"),
      JSON.stringify(await checkBackbone(backbone, data, preprocess, job, seconds)),
    );
  const read = async (folder: string) =>
    backboneCheckSchema.parse(JSON.parse(await readFile(join(folder, "check.json"), "utf8")));
  const key = { sha256: backbone.summary.sha256, data: data.key, ...(seconds !== undefined && { seconds }) };
  return (await cache.get({ stage: "check", key, produce, read }, job)).result;
}
