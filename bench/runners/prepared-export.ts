import { symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { encodeNpy } from "../../electron/engine/base/npy.ts";
import type { ImageSplit } from "../../electron/engine/dataset/splits/image-split.ts";
import { describeImages } from "../../electron/engine/export/describe-networks.ts";
import { singleFile } from "../../electron/engine/export/single-file.ts";
import { staged } from "../../electron/engine/export/staged.ts";
import { exportPlan, projectForPlan, testImagesOf, verifyExport } from "../../electron/engine/index.ts";
import { planDesign } from "../../electron/engine/stages/plan-design.ts";
import { expectedOf, type PlanInUse } from "../../electron/engine/stages/verify-stage.ts";
import { silentJob } from "../../shared/base/job.ts";
import type { Plan } from "../../shared/model/plan.ts";
import type { BenchedProject } from "../plans/benched-project.ts";

/** A plan's files, and images with what the tables say of them. */
export interface PreparedExport {
  readonly folder: string;
  /** A file for each image of a sample. */
  readonly arrays: readonly string[];
  /** Exit, and class where the tables say it, per image. */
  readonly expected: readonly { readonly exit: number; readonly class?: number }[];
  /** What `offramp verify` measures of a form, ms. */
  verifiedMs(form: string): Promise<{ readonly plan: number; readonly backbone: number }>;
}

/** Exports a plan as one file and staged, and writes the first images of the test split as arrays. */
export async function prepareExport(
  { project: opened, data, profile }: BenchedProject,
  plan: Plan,
  { folder, images, threads, seconds }: { folder: string; images: number; threads: number; seconds: number },
): Promise<PreparedExport> {
  const project = await projectForPlan(opened, plan);
  const used: PlanInUse = { project, profile, plan };
  await exportPlan(project, plan, [singleFile, staged], folder);
  await symlink(resolve("node_modules"), join(folder, "node_modules"));
  const design = planDesign(project, plan, "tensors");
  const arrays: string[] = [];
  for (const [index, { shape }] of describeImages(design, null).entries()) {
    const { backbone } = design.images[index];
    const member = project.members.find((each) => each.backbone.summary.sha256 === backbone.summary.sha256);
    const split = member ? testImagesOf(data)(member) : data.images.test;
    arrays.push(join(folder, `images-${index}.npy`));
    await writeFile(arrays[index], await firstImages(split, images, shape.slice(1) as number[]));
  }
  const { exit, predicted } = expectedOf(used);
  const target = { provider: "cpu", threads };
  return {
    folder,
    arrays,
    expected: Array.from(exit.slice(0, images), (taken, at) => ({ exit: taken, class: predicted?.[at] })),
    verifiedMs: async (form) => {
      const how = { target, seconds };
      const beside = { testOf: testImagesOf(data) };
      const path = join(folder, form);
      const found = await verifyExport(used, path, data.images.test, how, silentJob, beside);
      return { plan: found.plan.latencyMs.mean, backbone: found.backbone.latencyMs.mean };
    },
  };
}

async function firstImages(split: ImageSplit, count: number, shape: readonly number[]): Promise<Uint8Array> {
  for await (const { images, labels, skipped } of split.batches(count)) {
    if (skipped.length > 0) throw new Error("some of the test images can't be read");
    if (!(images instanceof Float32Array)) throw new Error("the network reads no float32");
    return encodeNpy({ shape: [labels.length, ...shape], data: images.slice() });
  }
  throw new Error("there are no test images");
}
