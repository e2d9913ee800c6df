import { type Job, partOfJob } from "../../../../shared/base/job.ts";
import { plansOnDevice, type Robustness, type ShiftCondition } from "../../../../shared/files/robustness.ts";
import type { PartitionedPlan, Plan } from "../../../../shared/model/plan.ts";
import type { Profile } from "../../../../shared/model/profile.ts";
import type { RobustnessOptions } from "../../../../shared/model/robustness-options.ts";
import { evaluationSpaces } from "../../../../shared/offload/partition-space.ts";
import type { Split } from "../../dataset/splits/splits.ts";
import type { TrainedProject } from "../../project/project.ts";
import { searchInputs } from "../../search/search-inputs.ts";
import { chooseSamples } from "../../verify/choose-samples.ts";
import type { LoadedData } from "../load-data.ts";
import type { StageContext } from "../stage-context.ts";
import { shiftedProject } from "./shifted-project.ts";
import { type Shift, shiftsWanted } from "./shifts.ts";
import { tryPlans } from "./try-plans.ts";

/** A plan that is tried, and what its latency is worked out from. */
export interface TriedPlan {
  readonly project: TrainedProject;
  readonly profile: Profile;
  readonly plan: Plan;
}

/**
 * What a plan and those of its project's front do on test images that are made worse: all heads see the images again, while
 * their temperatures and the plans' thresholds stay.
 * @param data the data set that the project was made with
 * @throws AppError 'data-mismatch' if its images are no pixels, 'file-invalid' if the profile or the plan doesn't fit the project,
 *   'usage' if there is no such corruption, 'cancelled': what was worked out by then is kept
 */
export async function measureRobustness(
  context: StageContext,
  { project, profile, plan }: TriedPlan,
  data: LoadedData,
  options: RobustnessOptions,
): Promise<Robustness> {
  const { summary } = project.backbone;
  const { scale, corruptions, shifts } = shiftsWanted(options, summary.input);
  const test = someOf(data.splits.test, options.samples);
  const front = plansOnDevice(project.front);
  const conditions: ShiftCondition[] = [];
  let samples = 0;
  for (const [index, shift] of shifts.entries()) {
    const job = jobOf(context.job, shift, index, shifts.length);
    const images = { data, test, shift, seed: options.seed };
    const shifted = await shiftedProject({ ...context, job }, project, [plan, ...front], images);
    const spaces = evaluationSpaces(searchInputs(shifted, "test", profile));
    samples = spaces[0].space.samples;
    const { corruption, severity } = shift;
    const tried = tryPlans(spaces, plan, front, profile.backbone.meanMs);
    conditions.push({ corruption, severity, ...tried });
  }
  return {
    format: "offramp-robustness",
    version: 1,
    backboneSha256: summary.sha256,
    profile: profile.id,
    target: profile.target,
    samples,
    available: data.splits.test.indices.length,
    seed: options.seed,
    scale,
    corruptions,
    plan: triedPlan(plan),
    front: front.map(triedPlan),
    conditions,
  };
}

/** One shift's part of the whole, with what is being looked at. */
function jobOf(job: Job, { title }: Shift, index: number, count: number): Job {
  const part = partOfJob(job, index / count, (index + 1) / count);
  return { ...part, report: (done, total) => part.report(done, total, title) };
}

/** Class by class in proportion. */
function someOf(split: Split, count: number): Split {
  const places = chooseSamples(split.labels, count);
  const indices = places.map((place) => split.indices[place]);
  return { ...split, indices, labels: places.map((place) => split.labels[place]) };
}

function triedPlan({ exits, chain }: PartitionedPlan): Robustness["plan"] {
  const plain = exits.map(({ member, cutPoint, head, policy, threshold }) => {
    return { member, cutPoint, head, policy, threshold };
  });
  return { exits: plain, ...(chain && { chain: [...chain] }) };
}
