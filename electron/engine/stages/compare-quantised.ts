import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import { partOfJob } from "../../../shared/base/job.ts";
import { evaluatePlan, routeSamples } from "../../../shared/evaluate/evaluate-plan.ts";
import { pairedAccuracy } from "../../../shared/evaluate/live/paired-accuracy.ts";
import type { Summary } from "../../../shared/files/summary.ts";
import type { TargetOptions, VerifyOptions } from "../../../shared/model/stage-options.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import { writeJson } from "../base/write-outputs.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import type { ExportFormat } from "../export/export-format.ts";
import { singleFile } from "../export/single-file.ts";
import { encodeProject } from "../project/project-archive.ts";
import type { Verification } from "../verify/verify-model.ts";
import type { ExploredNetwork } from "./explore-quantised.ts";
import { exportPlan, isReplaceable } from "./export-stage.ts";
import type { QuantisedBackbone } from "./quantise-stage.ts";
import type { StageContext } from "./stage-context.ts";
import { type PlanInUse, testSpace, verifyExport, verifyStatic } from "./verify-stage.ts";

/** Where a run puts the int8 backbone, and with exits its exports beside it. */
export const int8Folder = "int8";
const staticFile = "backbone.onnx";

/** The int8 backbone, and with exits if that was asked for. */
export interface Int8Networks extends QuantisedBackbone {
  readonly explored?: ExploredNetwork;
}

/** Whether an earlier run has put the int8 backbone there. */
export async function hasOwnInt8(folder: string): Promise<boolean> {
  const file = join(folder, int8Folder, staticFile);
  return !(await isAbsent(file)) && isReplaceable(file);
}

async function isAbsent(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    () => true,
  );
}

/**
 * Makes sure that the int8 backbone's folder replaces only an earlier one.
 * @throws AppError 'output-unwritable' naming what is in the way
 */
export async function checkInt8Replaceable(folder: string): Promise<void> {
  if ((await isAbsent(join(folder, int8Folder))) || (await hasOwnInt8(folder))) return;
  throw new AppError(
    "output-unwritable",
    `${join(folder, int8Folder)} is there already and Offramp didn't make it; move it away or choose another output folder`,
  );
}

/** Writes them into a folder of their own within the results. */
export async function writeInt8(
  { file, explored }: Int8Networks,
  formats: readonly ExportFormat[],
  draft: string,
): Promise<void> {
  const folder = join(draft, int8Folder);
  await mkdir(folder);
  await writeFile(join(folder, staticFile), file);
  if (!explored) return;
  const { project, plan, front, profile } = explored;
  await exportPlan(project, plan, formats, folder);
  await writeJson(folder, "front.json", front);
  await writeJson(folder, "profile.json", profile);
  await writeFile(join(folder, "project.offramp"), encodeProject(project));
}

/** A plan of the float backbone that was verified. */
interface VerifiedFloat {
  readonly used: PlanInUse;
  readonly verification: Verification;
}

type Compared = Summary["compared"][number];

/**
 * Runs the files of the int8 networks over the test split, each in turns with the float backbone, and sets them beside the float
 * backbone's own plan.
 * @param draft where the files are
 * @throws AppError as `verifyExport` does
 */
export async function compareInt8(
  { job }: StageContext,
  { quantised, explored }: Int8Networks,
  float: VerifiedFloat,
  draft: string,
  test: ImageSplit,
  how: VerifyOptions & { readonly target: TargetOptions },
): Promise<Compared[]> {
  const { used } = float;
  const path = join(int8Folder, staticFile);
  const file = await readFile(join(draft, path));
  const share = explored ? 0.5 : 1;
  const verified = await verifyStatic(file, used, test, how, partOfJob(job, 0, share));
  const int8 = {
    ...measuredBeside("int8", verified, float),
    file: path,
    bytes: quantised.summary.parameterBytes,
  };
  const plan = {
    ...measuredBeside("early exit", float.verification, float),
    file: singleFile.target,
    bytes: planBytes(used),
  };
  if (!explored) return [plan, int8];
  const both = await compareExplored(explored, float, draft, test, how, partOfJob(job, share, 1));
  return [plan, int8, both];
}

async function compareExplored(
  explored: ExploredNetwork,
  float: VerifiedFloat,
  draft: string,
  test: ImageSplit,
  how: VerifyOptions & { readonly target: TargetOptions },
  job: StageContext["job"],
): Promise<Compared> {
  const { backbone } = float.used.project;
  const file = join(int8Folder, singleFile.target);
  const verified = await verifyExport(explored, join(draft, file), test, how, job, { against: backbone });
  const measured = measuredBeside("int8 + early exit", verified, float);
  const space = testSpace(float.used);
  const referenceCorrect = correctOf(float.used);
  const gain = pairedAccuracy(correctOf(explored), { ...space, referenceCorrect });
  return {
    ...measured,
    file,
    bytes: planBytes(explored),
    besidePlan: {
      accuracyGainPp: gain.differencePp,
      accuracyGainHalfWidthPp: gain.halfWidthPp,
      timesFaster: measured.speedup / float.verification.speedup,
    },
  };
}

/** Which test samples a plan gets right, by its network's own table. */
function correctOf(used: PlanInUse): Uint8Array {
  const space = testSpace(used);
  return routeSamples(space, fromPlanExits(space, used.plan.exits)).correct;
}

function planBytes(used: PlanInUse): number {
  const space = testSpace(used);
  return evaluatePlan(space, fromPlanExits(space, used.plan.exits)).bytes;
}

/** Latencies are at the pace that the backbone had beside the plan, so that all of them compare. */
function measuredBeside(
  name: Compared["name"],
  { plan, backbone, accuracyDropPp, accuracyDropHalfWidthPp, ...rest }: Verification,
  { verification }: VerifiedFloat,
): Omit<Compared, "file" | "bytes"> {
  const pace = verification.backbone.latencyMs.mean / backbone.latencyMs.mean;
  const { mean, p50, p95, worst } = plan.latencyMs;
  const [low, high] = plan.accuracyInterval;
  return {
    name,
    accuracy: plan.accuracy,
    accuracyInterval: [low, high],
    accuracyDropPp,
    accuracyDropHalfWidthPp,
    latencyMs: { mean: pace * mean, p50: pace * p50, p95: pace * p95, worst: pace * worst },
    speedup: rest.speedup,
    exitRates: [...plan.exitRates],
    decisionAgreement: rest.decisionAgreement,
  };
}
