import type { Job } from "../../../shared/base/job.ts";
import { evaluatePlan, routeSamples } from "../../../shared/evaluate/evaluate-plan.ts";
import type { Plan, PlanFigures } from "../../../shared/model/plan.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import { planSpace } from "../../../shared/offload/partition-space.ts";
import { tableRow } from "../../../shared/space/calibrated-exits.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import type { ClassWeights } from "../../../shared/space/sample-weights.ts";
import type { SearchSpace } from "../../../shared/space/search-space.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { checkPlanModel } from "../export/design.ts";
import { encodeModel } from "../onnx/codec.ts";
import { checkTarget } from "../profile/target.ts";
import type { Project } from "../project/project.ts";
import { searchInputs } from "../search/search-inputs.ts";
import { openDeployed } from "../verify/deployed-network.ts";
import { predictedByPlan, type Verification, verifyModel } from "../verify/verify-model.ts";

/** A plan where it is used. */
export interface PlanInUse {
  readonly project: Project;
  readonly profile: Profile;
  readonly plan: Plan;
  /** How often each class occurs there. */
  readonly classWeights?: ClassWeights;
}

/** The space of a plan's networks on the test split, under all policies that were timed: only for reporting, never for a choice. */
export function testSpace({ project, profile, plan, classWeights }: PlanInUse): SearchSpace {
  return planSpace({ ...searchInputs(project, "test", profile), classWeights }, { chain: plan.chain }).space;
}

/** What profile and table said beforehand, beside what was measured. */
export interface Prediction {
  /** At the machine's speed when it was profiled. */
  readonly profiled: PlanFigures;
  /** Latencies at the machine's speed at verification: scaled by the drift. */
  readonly predicted: PlanFigures;
  /** Of the mean latency. */
  readonly speedup: number;
  /** Predicted against measured mean latency, signed, per cent of the measured one. */
  readonly latencyErrorPct: number;
  /** How much slower the backbone ran at verification (mean) than when it was profiled, per cent (means). */
  readonly machineDriftPct: number;
}

/** Predicts a plan on the test split, and compares it with its verification. */
export function predictFigures(used: PlanInUse, verification: Verification): Prediction {
  const { profile, plan } = used;
  const space = testSpace(used);
  const profiled = evaluatePlan(space, fromPlanExits(space, plan.exits));
  const drift = verification.backbone.latencyMs.mean / profile.backbone.meanMs;
  const { mean, p50, p95, worst } = profiled.latencyMs;
  const latencyMs = { mean: mean * drift, p50: p50 * drift, p95: p95 * drift, worst: worst * drift };
  return {
    profiled,
    predicted: { ...profiled, latencyMs },
    speedup: profile.backbone.meanMs / mean,
    latencyErrorPct: 100 * (latencyMs.mean / verification.plan.latencyMs.mean - 1),
    machineDriftPct: 100 * (drift - 1),
  };
}

/**
 * Runs an exported file or staged folder over the test split beside the plain backbone.
 * @throws AppError 'file-not-found', 'file-invalid' if it is no export of this plan, 'usage' if this machine is no such
 *   target, 'cancelled'
 */
export async function verifyExport(
  used: PlanInUse,
  path: string,
  test: ImageSplit,
  target: TargetOptions,
  job: Job,
): Promise<Verification> {
  const { plan, classWeights } = used;
  const { backbone } = used.project;
  checkPlanModel(backbone, plan);
  await checkTarget(target);
  const { summary } = backbone;
  job.report(0, 1, "running the exported files once");
  const deployed = await openDeployed(path, { plan, backbone: summary }, target, job);
  try {
    const expected = expectedDecisions(used);
    const backboneFile = encodeModel(backbone.proto);
    const inputs = { backbone: summary, backboneFile, deployed, test, plan, expected, classWeights };
    return await verifyModel(inputs, target, job);
  } finally {
    await deployed.release();
  }
}

/** The exit and class that the test split's table gives each sample under a plan. */
function expectedDecisions(used: PlanInUse) {
  const { project, plan } = used;
  const space = testSpace(used);
  const { exit } = routeSamples(space, fromPlanExits(space, plan.exits));
  const rows = plan.exits.map((exit) => tableRow(project.heads, exit));
  const [table] = project.tables.test.values();
  return { exit, predicted: predictedByPlan(table, [...rows, project.heads.length], exit) };
}
