import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { singleFile } from "../../electron/engine/export/single-file.ts";
import {
  exportPlan,
  planOf,
  predictFigures,
  projectForPlan,
  testImagesOf,
  verifyExport,
} from "../../electron/engine/index.ts";
import { silentJob } from "../../shared/base/job.ts";
import type { ChosenPlan } from "../../shared/model/plan.ts";
import { type BenchedProject, target } from "./benched-project.ts";

/** What an exported file did on the test split, beside what was predicted. */
export interface VerifiedFigures {
  readonly samples: number;
  readonly accuracy: number;
  readonly backboneAccuracy: number;
  readonly dropPp: number;
  /** Half width of the drop's 95 % interval. */
  readonly dropHalfWidthPp: number;
  readonly meanMs: number;
  readonly backboneMs: number;
  readonly speedup: number;
  readonly speedupInterval?: readonly [number, number];
  readonly predictedSpeedup: number;
  readonly isSpeedupWithin?: boolean;
  readonly decisionAgreement: number;
}

/** Writes the plan as one file and runs it on the test split in turns with the backbone. */
export async function verifyChoice(
  { project: opened, profile, data }: BenchedProject,
  chosen: ChosenPlan,
  seconds: number,
): Promise<VerifiedFigures> {
  const folder = await mkdtemp(join(tmpdir(), "offramp-chains-"));
  try {
    const plan = planOf(opened, chosen);
    const project = await projectForPlan(opened, plan);
    await exportPlan(project, plan, [singleFile], folder);
    const file = join(folder, singleFile.target);
    const used = { project, profile, plan };
    const how = { target, seconds };
    const beside = { testOf: testImagesOf(data) };
    const found = await verifyExport(used, file, data.images.test, how, silentJob, beside);
    const { speedup: predictedSpeedup, isSpeedupWithin } = predictFigures(used, found);
    return {
      samples: found.samples,
      accuracy: found.plan.accuracy,
      backboneAccuracy: found.backbone.accuracy,
      dropPp: found.accuracyDropPp,
      dropHalfWidthPp: found.accuracyDropHalfWidthPp,
      meanMs: found.plan.latencyMs.mean,
      backboneMs: found.backbone.latencyMs.mean,
      speedup: found.speedup,
      speedupInterval: found.speedupInterval,
      predictedSpeedup,
      isSpeedupWithin,
      decisionAgreement: found.decisionAgreement,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
