import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { partOfJob } from "../../../../shared/base/job.ts";
import type { ConfidenceTable } from "../../../../shared/model/confidence-table.ts";
import { networksOf, type PlanWay } from "../../../../shared/model/plan.ts";
import { makeScratchFolder } from "../../../disk/scratch-folder.ts";
import { confidenceTables, type PolicyTables } from "../../calibrate/confidence-table.ts";
import { encodeTable, openTable } from "../../calibrate/table-file.ts";
import type { Split } from "../../dataset/splits/splits.ts";
import { headKey } from "../../heads/head.ts";
import { plainPolicies } from "../../policies/index.ts";
import { withShiftedTables } from "../../project/add-policies.ts";
import type { CalibratedModel, TrainedProject } from "../../project/project.ts";
import type { LoadedData } from "../load-data.ts";
import { writeExitLogits } from "../shares/share-logits.ts";
import type { StageContext } from "../stage-context.ts";
import type { Shift } from "./shifts.ts";

/** Some test images under one shift. */
export interface ShiftedImages {
  readonly data: LoadedData;
  readonly test: Split;
  readonly shift: Shift;
  readonly seed: number;
}

/** The project as it sees these images in the place of the test split: with the networks that the plans go through. */
export async function shiftedProject(
  context: StageContext,
  project: TrainedProject,
  plans: readonly PlanWay[],
  images: ShiftedImages,
): Promise<TrainedProject> {
  const { sha256 } = project.backbone.summary;
  const needed = new Set(plans.flatMap((plan) => networksOf(plan, sha256)));
  const further = project.members.filter(({ backbone }) => needed.has(backbone.summary.sha256));
  const networks = [project, ...further];
  const tables: CalibratedModel["tables"][] = [];
  for (const [index, network] of networks.entries()) {
    const job = partOfJob(context.job, index / networks.length, (index + 1) / networks.length);
    const test = await shiftedTables({ ...context, job }, network, images);
    tables.push({ ...network.tables, test });
  }
  const [own, ...others] = tables;
  const members = further.map((member, index) => ({ ...member, tables: others[index] }));
  return { ...project, tables: own, members };
}

/** Of the time the rest is for what the logits tell. */
const shareOfLogits = 0.95;

/** A network's tables of the shifted images, under all policies. */
async function shiftedTables(
  { cache, job, runner }: StageContext,
  network: CalibratedModel & Pick<TrainedProject, "preprocess">,
  { data, test, shift, seed }: ShiftedImages,
): Promise<PolicyTables> {
  const { backbone, heads, temperatures, preprocess } = network;
  const { sha256, input, output } = backbone.summary;
  const { corruption, strength, change } = shift;
  const about = { data: data.key, preprocess, images: test.indices.length, corruption, strength, seed };
  const produce = async (folder: string) => {
    const logits = await makeScratchFolder("logits");
    try {
      const split = data.changed(preprocess, input, test, change);
      const running = { cache, runner, job: partOfJob(job, 0, shareOfLogits) };
      await writeExitLogits(running, { backbone, heads }, split, about, logits);
      const telling = partOfJob(job, shareOfLogits, 1);
      const tables = await confidenceTables(logits, temperatures, output.classes, plainPolicies, telling);
      for (const [policy, table] of tables)
        await writeFile(join(folder, tableFile(policy)), encodeTable(table));
    } finally {
      await rm(logits, { recursive: true, force: true });
    }
  };
  const key = { sha256, heads: heads.map(headKey), temperatures, ...about };
  const { result } = await cache.get({ stage: "robustness", key, produce, read: readTables }, job);
  return withShiftedTables(result, network.classOffsets);
}

function tableFile(policy: string): string {
  return `${policy}.npz`;
}

async function readTables(folder: string): Promise<PolicyTables> {
  const tables = new Map<string, ConfidenceTable>();
  for (const { id } of plainPolicies) tables.set(id, await openTable(join(folder, tableFile(id))));
  return tables;
}
