import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import type { Plan, PlanFigures } from "../../../shared/model/plan.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import { evaluationSpace } from "../../../shared/space/build-space.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import type { ClassWeights } from "../../../shared/space/sample-weights.ts";
import type { SearchSpace } from "../../../shared/space/search-space.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { checkPlanModel } from "../export/design.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { checkTarget } from "../profile/target.ts";
import type { CalibratedModel, Member, Project } from "../project/project.ts";
import { searchInputs } from "../search/search-inputs.ts";
import { openDeployed } from "../verify/deployed-network.ts";
import { type RoutedNetwork, routePlan } from "../verify/route-plan.ts";
import { type Verification, verifyModel } from "../verify/verify-model.ts";
import { planDesign } from "./plan-design.ts";

/** A plan where it is used. */
export interface PlanInUse {
  readonly project: Project;
  readonly profile: Profile;
  readonly plan: Plan;
  /** How often each class occurs there. */
  readonly classWeights?: ClassWeights;
}

/** The space of the test split under all policies that were timed: only for reporting, never for a choice. */
export function testSpace({ project, profile, classWeights }: PlanInUse): SearchSpace {
  const { backbone, heads, tables } = project;
  return evaluationSpace({ ...searchInputs(backbone, heads, tables.test, profile), classWeights });
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
 * @param testOf the test split as another network of the project reads it, for plans that go through one
 * @throws AppError 'file-not-found', 'file-invalid' if it is no export of this plan, 'usage' if this machine is no such
 *   target, 'cancelled'
 */
export async function verifyExport(
  used: PlanInUse,
  path: string,
  test: ImageSplit,
  target: TargetOptions,
  job: Job,
  testOf?: (member: Member) => ImageSplit,
): Promise<Verification> {
  const { project, plan, classWeights } = used;
  const { backbone } = project;
  checkPlanModel(backbone, plan);
  await checkTarget(target);
  const { summary } = backbone;
  const { images } = planDesign(project, plan);
  const summaries = images.map((image) => image.backbone.summary);
  const splits = images.map((image) => splitOf(project, image.backbone, test, testOf));
  job.report(0, 1, "running the exported files once");
  const deployed = await openDeployed(path, { plan, backbone: summary, images: summaries }, target, job);
  try {
    const backboneFile = encodeModel(backbone.proto);
    const networks = summaries.map((each, index) => ({ summary: each, images: splits[index] }));
    const inputs = {
      backbone: summary,
      backboneFile,
      deployed,
      test,
      images: networks,
      plan,
      expected: routePlan(plan, [project, ...project.members].map(routedNetwork)),
      classWeights,
    };
    return await verifyModel(inputs, target, job);
  } finally {
    await deployed.release();
  }
}

/** The test split as one of the plan's networks reads it. */
function splitOf(
  { backbone, members }: Project,
  read: Backbone,
  test: ImageSplit,
  testOf: ((member: Member) => ImageSplit) | undefined,
): ImageSplit {
  const member = members.find((each) => each.backbone === read);
  if (read === backbone || !member) return test;
  if (testOf) return testOf(member);
  throw new AppError(
    "usage",
    `the plan reads images as ${read.summary.name} does, and the data set was opened for the backbone alone`,
  );
}

function routedNetwork({ backbone, heads, tables }: CalibratedModel): RoutedNetwork {
  return { sha256: backbone.summary.sha256, heads, tables: tables.test };
}
