import { open, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import { planText } from "../../../shared/files/plan-file.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { offeredFiles } from "../../../shared/presentation/plans/plans-beside.ts";
import { isSameFile } from "../base/write-outputs.ts";
import type { ExportFormat } from "../export/export-format.ts";
import { operatingPoint } from "../export/operating-points.ts";
import { manifestFile } from "../export/staged.ts";
import { producer } from "../onnx/graph-builder.ts";
import type { Project } from "../project/project.ts";
import { stateThresholds } from "../project/project-plan.ts";
import { planDesign } from "./plan-design.ts";
import { predictPoints } from "./predict-points.ts";

/** Every export has its plan beside it, under this name. */
export const planFile = "plan.json";

/** The result of a verified export, for people. */
export const reportFile = "report.html";

/** Text near the start of the files beside the exported formats, if Offramp wrote them. */
const ownMarks = new Map([
  ...[planFile, ...Object.values(offeredFiles)].map((name) => [name, '"offramp-plan"'] as const),
  [reportFile, "Offramp report</title>"],
]);

/** Another plan of the same exits, by the name under which an export has its thresholds. */
export interface NamedPlan {
  readonly name: string;
  readonly plan: Plan;
}

/** Plans that an export may be run as, too. */
export interface ExportPoints {
  readonly points: readonly NamedPlan[];
  /** What the points take is predicted with it; nothing is where there is none. */
  readonly profile: Profile | undefined;
}

/**
 * Writes a plan in some formats into a folder, and the plan itself beside them.
 * @throws AppError 'file-invalid' if the plan doesn't fit the project or its profile, 'usage' if a point has other exits
 */
export async function exportPlan(
  project: Project,
  plan: Plan,
  formats: readonly ExportFormat[],
  folder: string,
  { points, profile }: ExportPoints = { points: [], profile: undefined },
): Promise<void> {
  const stated = stateThresholds(project, plan);
  const named = points.map((point) => operatingPoint(plan, point.name, point.plan));
  const pointed = points.length > 0 ? predictPoints(project, profile, plan, named) : {};
  for (const format of formats)
    await format.write({ ...planDesign(project, stated, format.given), ...pointed }, folder);
  await writeFile(join(folder, planFile), planText(stated));
}

/** What is written beside the formats, and the model that they are made from, if it is at hand. */
interface Replaced {
  readonly source?: string;
  readonly hasReport: boolean;
  /** Whether a search's other plan is written as well. */
  readonly hasOffered?: boolean;
}

/**
 * Makes sure that exports replace only earlier exports, never a model that somebody keeps in the same folder.
 * @throws AppError 'output-unwritable' naming what is in the way
 */
export async function checkReplaceable(
  folder: string,
  formats: readonly ExportFormat[],
  { source, hasReport, hasOffered = false }: Replaced,
): Promise<void> {
  const names = [
    ...formats.flatMap(({ target, furtherTargets = [] }) => [target, ...furtherTargets]),
    planFile,
    ...(hasReport ? [reportFile] : []),
    ...(hasOffered ? Object.values(offeredFiles) : []),
  ];
  for (const name of names) {
    const path = join(folder, name);
    const isSource = source !== undefined && (await isSameFile(path, source));
    if (!isSource && (await isReplaceable(path, ownMarks.get(name)))) continue;
    throw new AppError(
      "output-unwritable",
      `${path} is there already and Offramp didn't make it; move it away or choose another output folder`,
    );
  }
}

/** What earlier exports left of some formats that these ones, whose draft is written, lack: it would belong to another plan. */
export async function outdatedTargets(
  folder: string,
  formats: readonly ExportFormat[],
  draft: string,
): Promise<string[]> {
  const names = formats.flatMap(({ furtherTargets = [] }) => furtherTargets);
  const isThere = async (path: string) => (await stat(path).catch(() => undefined)) !== undefined;
  const outdated: string[] = [];
  for (const name of names)
    if ((await isThere(join(folder, name))) && !(await isThere(join(draft, name)))) outdated.push(name);
  return outdated;
}

/** Whether a folder holds the report of an earlier export, which would contradict a new one without a report. */
export async function hasOwnReport(folder: string): Promise<boolean> {
  return isReplaceable(join(folder, reportFile), ownMarks.get(reportFile)!);
}

/** Whether nothing is there, or something of ours. @param mark text near the start of a file of ours */
export async function isReplaceable(path: string, mark = producer): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  if (!info) return true;
  if (!info.isDirectory()) return isOwnFile(path, mark);
  const names = await readdir(path);
  if (names.includes(manifestFile)) return true;
  for (const name of names) if (!(await isOwnFile(join(path, name), mark))) return false;
  return true;
}

async function isOwnFile(path: string, mark: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info?.isFile() === true && (await firstBytes(path)).includes(mark);
}

/** ONNX files start with IR version and producer, plans with their format; a report has its title in its head. */
async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(1024) });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
