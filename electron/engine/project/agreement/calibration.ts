import type { OutputQuality } from "../../../../shared/files/summary.ts";
import { exitQualities } from "../../calibrate/confidence-table.ts";
import { checkPreprocess } from "../../dataset/splits/preprocess.ts";
import { filledSplitOptions } from "../../dataset/splits/splits.ts";
import { exitPolicies, plainPolicies } from "../../policies/index.ts";
import { top1 } from "../../policies/top1.ts";
import type { CalibratedModel, MemberFile, ModelFile, Project, ProjectFile } from "../project.ts";
import { projectFault } from "../project-fault.ts";

/** Log odds beyond this make any confidence 0 or 1; fitted ones stay far below. */
const largestOffset = 64;

/**
 * Before training a project has a model alone, and afterwards all that training and calibration make.
 * @throws AppError 'file-invalid' naming what is missing or too much; 'data-mismatch' and 'usage' for options that can't be
 */
export function checkTrained(file: ProjectFile, summary: Project["backbone"]["summary"]): void {
  const { preprocess, data, heads, policies, members } = file;
  checkPolicies(file);
  if (!data || !preprocess) {
    const made =
      [data, preprocess].some((part) => part !== null) ||
      policies.length > 0 ||
      [file, ...(members ?? [])].some(isTrained);
    if (!made) return;
    throw projectFault("project.json holds heads or tables without the data set that they were made with");
  }
  if (heads.length === 0 || policies.length === 0)
    throw projectFault(`project.json holds ${heads.length} heads and tables of ${policies.length} policies`);
  const { classes } = summary.output;
  if (data.classNames.length !== classes)
    throw projectFault(
      `project.json names ${data.classNames.length} classes, and backbone.onnx tells ${classes} apart`,
    );
  checkPreprocess(preprocess, summary.input);
  filledSplitOptions(data.splitOptions);
}

function isTrained({ heads, outputs, classOffsets }: ModelFile): boolean {
  return heads.length > 0 || outputs.length > 0 || Object.keys(classOffsets).length > 0;
}

/**
 * A member has what the project's policies need, and its images can be made.
 * @throws AppError 'file-invalid'; 'data-mismatch' for a preprocessing that doesn't fit it
 */
export function checkMember(
  file: MemberFile,
  { input }: Project["backbone"]["summary"],
  { policies, data }: ProjectFile,
): void {
  checkClassOffsets(file, policies);
  // Before training it says nothing yet.
  if (data) checkPreprocess(file.preprocess, input);
}

function checkPolicies(file: ProjectFile): void {
  const { policies } = file;
  const plain = plainPolicies.map(({ id }) => id);
  const strange = policies.find((id, at) => !plain.includes(id) || policies.indexOf(id) < at);
  if (strange !== undefined)
    throw projectFault(
      `project.json names the exit policy '${strange}', expected each of ${plain.join(", ")} at most once`,
    );
  checkClassOffsets(file, policies);
}

function checkClassOffsets({ classOffsets }: ModelFile, policies: readonly string[]): void {
  for (const id of Object.keys(classOffsets)) {
    const base = exitPolicies.find((policy) => policy.id === id)?.base;
    if (!base || !policies.includes(base.id))
      throw projectFault(`project.json holds thresholds per class of '${id}', which has no table to go by`);
  }
}

/**
 * @param offsets of one policy, per head and class
 * @throws AppError 'file-invalid'
 */
export function checkOffsets(
  id: string,
  offsets: readonly (readonly number[])[],
  heads: number,
  classes: number,
): void {
  const isWhole = offsets.length === heads && offsets.every((own) => own.length === classes);
  if (isWhole && offsets.every((own) => own.every((offset) => Math.abs(offset) <= largestOffset))) return;
  throw projectFault(
    `the offsets of ${id} are not one per head and class (${heads} x ${classes}), each from -${largestOffset} to ${largestOffset}`,
  );
}

/**
 * How good each output is on the test split, worked out from its tables again.
 * @throws AppError 'file-invalid' if there isn't one per output
 */
export function outputsOfTables({ heads, temperatures, outputs, tables }: CalibratedModel): OutputQuality[] {
  const table = tables.test.get(top1.id);
  if (outputs.length !== (table ? heads.length + 1 : outputs.length))
    throw projectFault(
      `project.json says how good ${outputs.length} outputs are, and there are ${heads.length + 1}`,
    );
  if (!table) return [...outputs];
  return exitQualities(tables.test, temperatures, top1.id).map((quality, row) => ({
    cutPoint: heads.at(row)?.cutPoint ?? null,
    head: heads.at(row)?.kind ?? null,
    ...quality,
  }));
}
