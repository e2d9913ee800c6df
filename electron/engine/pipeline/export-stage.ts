import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "../../../shared/domain/plan.ts";
import { AppError } from "../../../shared/errors.ts";
import { assembleDesign, type CalibratedHead } from "../export/design.ts";
import type { ExportFormat } from "../export/export-format.ts";
import { manifestFile } from "../export/staged.ts";
import { producer } from "../onnx/graph-builder.ts";
import type { Project } from "../project/project.ts";
import { isSameFile, writeJson } from "../write-outputs.ts";
import { stateThresholds } from "./state-thresholds.ts";

/** Every export has its plan beside it, under this name. */
export const planFile = "plan.json";

/**
 * Writes a plan in some formats into a folder, and the plan itself beside them.
 * @throws AppError 'file-invalid' if the plan doesn't fit the project
 */
export async function exportPlan(
  project: Project,
  plan: Plan,
  formats: readonly ExportFormat[],
  folder: string,
): Promise<void> {
  const { backbone, heads, temperatures } = project;
  const stated = stateThresholds(project, plan);
  const design = assembleDesign(backbone, calibratedHeads(project), temperatures[heads.length], stated);
  for (const format of formats) await format.write(design, folder);
  await writeJson(folder, planFile, stated);
}

function calibratedHeads({ heads, temperatures, classOffsets }: Project): CalibratedHead[] {
  return heads.map((head, row) => ({
    head,
    temperature: temperatures[row],
    classOffsets: new Map([...classOffsets].map(([policy, offsets]) => [policy, offsets[row]])),
  }));
}

/**
 * Makes sure that exports replace only earlier exports, never a model that somebody keeps in the same folder.
 * @param source the model that the export is made from, if it is at hand
 * @throws AppError 'output-unwritable' naming what is in the way
 */
export async function checkReplaceable(
  folder: string,
  formats: readonly ExportFormat[],
  source?: string,
): Promise<void> {
  for (const { target } of formats) {
    const path = join(folder, target);
    const isSource = source !== undefined && (await isSameFile(path, source));
    if (!isSource && (await isReplaceable(path))) continue;
    throw new AppError(
      "output-unwritable",
      `${path} is there already and Offramp didn't make it; move it away or choose another output folder`,
    );
  }
}

async function isReplaceable(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  if (!info) return true;
  if (!info.isDirectory()) return (await firstBytes(path)).includes(producer);
  const names = await readdir(path);
  return names.length === 0 || names.includes(manifestFile);
}

/** ONNX files start with IR version and producer. */
async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(64) });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
