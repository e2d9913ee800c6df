import { partOfJob } from "../../../shared/base/job.ts";
import type { SplitFigures } from "../../../shared/model/data-trust.ts";
import { confidenceTables, exitQualities, fitTemperatures } from "../calibrate/confidence-table.ts";
import { figuresOfLogits, readLabels, readLogits } from "../calibrate/exit-logits.ts";
import { type Head, headKey } from "../heads/head.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { exitPolicyById, plainPolicies } from "../policies/index.ts";
import { top1 } from "../policies/top1.ts";
import { addPolicies } from "../project/add-policies.ts";
import type { CalibratedModel, Member, Project } from "../project/project.ts";
import { dataOfMember, type LoadedData } from "./load-data.ts";
import { checkSameSamples } from "./member-stage.ts";
import { writeExitLogits } from "./shares/share-logits.ts";
import type { StageContext, StageRunner } from "./stage-context.ts";

/** What calibration determines; rows of tables and temperatures follow the heads, the backbone's own output last. */
export type Calibration = Pick<CalibratedModel, "temperatures" | "tables" | "classOffsets" | "outputs">;

/** The same, and what the backbone does on the test split before any temperature. */
interface CalibratedHeads {
  readonly calibration: Calibration;
  readonly backboneOnTest: SplitFigures;
}

/**
 * Runs calibration and test split through all heads once; temperatures and what goes by class come from the calibration
 * split alone.
 * @param policies those of thresholds per class that are wanted; all others are there anyway
 */
export async function calibrateHeads(
  context: StageContext,
  backbone: Backbone,
  heads: readonly Head[],
  data: LoadedData,
  policies: readonly string[],
): Promise<CalibratedHeads> {
  const { job } = context;
  const { output } = backbone.summary;
  const logits = (split: "calibration" | "test", share: typeof job) =>
    exitLogits({ ...context, job: share }, { backbone, heads }, data, split);
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
      plainPolicies,
      partOfJob(job, 0.9, 0.95),
    ),
    test: await confidenceTables(
      test,
      temperatures,
      output.classes,
      plainPolicies,
      partOfJob(job, 0.95, 0.99),
    ),
  };
  const outputs = exitQualities(tables.test, temperatures, top1.id).map((quality, row) => ({
    cutPoint: heads.at(row)?.cutPoint ?? null,
    head: heads.at(row)?.kind ?? null,
    ...quality,
  }));
  const plain = { temperatures, tables, classOffsets: new Map(), outputs };
  const made = await addPolicies(
    plain,
    output.classes,
    policies.map(exitPolicyById),
    partOfJob(job, 0.99, 1),
  );
  const backboneOnTest = figuresOfLogits(await readLogits(test, heads.length), await readLabels(test));
  return { calibration: made, backboneOnTest };
}

/** Logits of a network and some of its heads on a split, as files: see `computeExitLogits`. @returns their folder */
export async function exitLogits(
  context: StageContext,
  network: Pick<Member, "backbone" | "heads">,
  data: LoadedData,
  split: "calibration" | "test",
): Promise<string> {
  const { cache, job } = context;
  const { sha256 } = network.backbone.summary;
  const key = { sha256, heads: network.heads.map(headKey), data: data.key, split };
  const produce = (folder: string) =>
    writeExitLogits(context, network, data.images[split], { key: data.key, split }, folder);
  return (await cache.get({ stage: "logits", key, produce, read: async (folder) => folder }, job)).result;
}

/**
 * Calibrates networks with their heads on one data set, the backbone first.
 * @returns the backbone's calibration, and its members
 * @throws AppError 'data-mismatch' if a member's images can't be made of the data; 'cancelled'
 */
export async function calibrateNetworks(
  { backbone, heads, members }: Pick<Project, "backbone" | "heads" | "members">,
  data: LoadedData,
  policies: readonly string[],
  stages: StageRunner,
): Promise<Calibration & { readonly members: readonly Member[] }> {
  const { calibration: own } = await stages.run("calibrate", (context) =>
    calibrateHeads(context, backbone, heads, data, policies),
  );
  const calibrated: Member[] = [];
  for (const member of members) {
    const images = await dataOfMember(data, member);
    const { calibration: made } = await stages.run(
      "calibrate",
      (context) => calibrateHeads(context, member.backbone, member.heads, images, policies),
      member.backbone.summary.name,
    );
    checkSameSamples({ ...member, ...made }, { backbone, heads, ...own });
    calibrated.push({ ...member, ...made });
  }
  return { ...own, members: calibrated };
}
