import type { OutputQuality } from "../../../shared/domain/summary.ts";
import {
  confidenceTables,
  exitQualities,
  fitTemperatures,
  type PolicyTables,
} from "../calibrate/confidence-table.ts";
import { computeExitLogits } from "../calibrate/exit-logits.ts";
import type { Head } from "../heads/head.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { exitPolicies } from "../policies/index.ts";
import { top1 } from "../policies/top1.ts";
import type { LoadedData } from "./load-data.ts";
import { partOfJob, type StageContext } from "./stage-context.ts";
import { headKey } from "./train-stage.ts";

/** What calibration finds out; rows of tables and temperatures follow the heads, the backbone's own output last. */
export interface Calibration {
  readonly temperatures: readonly number[];
  readonly tables: { readonly calibration: PolicyTables; readonly test: PolicyTables };
  /** On the test split. */
  readonly outputs: readonly OutputQuality[];
}

/** Runs calibration and test split through all heads once; temperatures come from the calibration split alone. */
export async function calibrateHeads(
  { cache, job }: StageContext,
  backbone: Backbone,
  heads: readonly Head[],
  data: LoadedData,
): Promise<Calibration> {
  const { sha256, output } = backbone.summary;
  const keys = heads.map(headKey);
  const logits = async (split: "calibration" | "test", share: typeof job) => {
    const key = { sha256, heads: keys, data: data.key, split };
    const produce = (folder: string) => computeExitLogits(backbone, heads, data.images[split], folder, share);
    return (await cache.get({ stage: "logits", key, produce, read: async (folder) => folder }, job)).result;
  };
  const calibration = await logits("calibration", partOfJob(job, 0, 0.4));
  const temperatures = await fitTemperatures(
    calibration,
    heads.length + 1,
    output.classes,
    partOfJob(job, 0.4, 0.5),
  );
  const test = await logits("test", partOfJob(job, 0.5, 0.9));
  const tables = {
    calibration: await confidenceTables(
      calibration,
      temperatures,
      output.classes,
      exitPolicies,
      partOfJob(job, 0.9, 0.95),
    ),
    test: await confidenceTables(test, temperatures, output.classes, exitPolicies, partOfJob(job, 0.95, 1)),
  };
  const outputs = exitQualities(tables.test, temperatures, top1.id).map((quality, row) => ({
    cutPoint: heads.at(row)?.cutPoint ?? null,
    head: heads.at(row)?.kind ?? null,
    ...quality,
  }));
  return { temperatures, tables, outputs };
}
