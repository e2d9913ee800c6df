import { AppError } from "../../../shared/base/errors.ts";
import { formatCount } from "../../../shared/base/format-number.ts";
import type { Job } from "../../../shared/base/job.ts";
import { listNames } from "../../../shared/base/plain-name.ts";
import { predictedInterval } from "../../../shared/evaluate/predicted-interval.ts";
import type { FieldReport } from "../../../shared/field/field-report.ts";
import { monitorField } from "../../../shared/field/monitor-field.ts";
import type { CountedPoint, FieldCounts } from "../../../shared/files/field-counts.ts";
import { atPoint } from "../../../shared/model/operating-points.ts";
import { type PartitionedPlan, type Plan, wayOf } from "../../../shared/model/plan.ts";
import { planSpace } from "../../../shared/offload/partition-space.ts";
import type { ClassWeights } from "../../../shared/space/sample-weights.ts";
import { networkNames, type Project } from "../project/project.ts";
import { projectForPlan, stateThresholds } from "../project/project-plan.ts";
import type { SearchInputs } from "../search/search-inputs.ts";

/** Of fewer nothing but a large shift is told from chance. */
const fewestInputs = 1000;

/** Counts of a project's plan. */
export interface MonitoredCounts {
  readonly counts: FieldCounts;
  /** Operating point; absent: the plan's own thresholds if they were counted, else those counted most. */
  readonly point?: string;
}

/** What a project knows of the plan that was counted. */
export interface MonitoredProject {
  /** Calibrated for the plan's policies, see `projectOfCounts`. */
  readonly project: Project;
  /** On the samples that its plans are chosen on. */
  readonly inputs: SearchInputs;
  readonly classWeights?: ClassWeights;
}

/**
 * The project with all that the counted plan needs.
 * @throws AppError 'file-invalid' if the plan is of another network or calibration, 'usage' if nobody can leave it early
 */
export async function projectOfCounts<Own extends Project>(
  project: Own,
  { plan }: FieldCounts,
): Promise<Own> {
  const { sha256, name } = project.backbone.summary;
  if (plan.backboneSha256 !== sha256)
    throw new AppError(
      "file-invalid",
      `the counts are of an export of another network (${plan.backboneSha256.slice(0, 8)}…) than ${name} ` +
        `(${sha256.slice(0, 8)}…); give the project that was exported`,
    );
  if (plan.exits.length === 0)
    throw new AppError(
      "usage",
      "the exported plan has no exits, so its counts tell nothing of the field; export a plan that has some",
    );
  const known = await projectForPlan(project, plan);
  stateThresholds(known, plan);
  return known;
}

/** The counted plan with the thresholds of the point that is looked at. */
export function countedPlan(chosen: MonitoredCounts): Plan {
  const { plan } = chosen.counts;
  return atPoint(plan, chosenPoint(chosen).thresholds);
}

/**
 * What the counts say of a plan in the field.
 * @throws AppError 'usage' if the point isn't there or was hardly run, 'file-invalid' if the project has not all of the plan's exits,
 *   'cancelled'
 */
export async function monitorProject(
  { project, inputs, classWeights }: MonitoredProject,
  chosen: MonitoredCounts,
  job: Job,
): Promise<FieldReport> {
  const point = chosenPoint(chosen);
  if (point.inputs < fewestInputs)
    throw new AppError(
      "usage",
      `${pointName(point)} counted ${formatCount(point.inputs)} inputs; to tell a shift from chance takes ${formatCount(fewestInputs)}, so let it count on`,
    );
  const plan = countedPlan(chosen);
  const { space } = planSpace({ ...inputs, classWeights }, wayOf(plan), inputs.offload);
  const networks = networkNames(project);
  const predict = (rates: readonly number[]) => priced(plan, rates, inputs, networks);
  return monitorField({ space, exits: plan.exits, predict }, point, job);
}

/** Nothing of a plan that goes on on a server: one profile doesn't know what the other takes. */
function priced(
  plan: PartitionedPlan,
  rates: readonly number[],
  { profile }: SearchInputs,
  networks: ReturnType<typeof networkNames>,
) {
  return plan.cut === undefined ? predictedInterval(plan, rates, profile, networks)?.meanMs : undefined;
}

function chosenPoint({ counts: { points }, point }: MonitoredCounts): CountedPoint {
  const [most] = points.toSorted((a, b) => b.inputs - a.inputs);
  if (!most)
    throw new AppError(
      "usage",
      "the counts are empty: the export has not run yet, or not with --counts; let it run and count",
    );
  if (point === undefined) return points.find(({ name }) => name === null) ?? most;
  const found = points.find(({ name }) => name === point);
  if (found) return found;
  const names = listNames(points.flatMap(({ name }) => name ?? []));
  throw new AppError("usage", `no operating point ${point} was counted; those are ${names || "none"}`);
}

function pointName({ name }: CountedPoint): string {
  return name === null ? "the export" : `the operating point ${name}`;
}
