import { estimateCrossFit } from "../../../shared/cross-fit/estimate-cross-fit.ts";
import type { FrontFile } from "../../../shared/files/front-file.ts";
import { crossFitFor } from "../../../shared/files/searched-use-case.ts";
import type { CrossFit } from "../../../shared/model/cross-fit.ts";
import {
  type ChosenPlan,
  exitsKey,
  type HalfPlan,
  isSameChain,
  isSamePlan,
  type PartitionedPlan,
  type Plan,
  wayOf,
} from "../../../shared/model/plan.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { ClassWeights } from "../../../shared/space/sample-weights.ts";
import type { SearchedProject } from "../project/networks-inputs.ts";
import type { Project } from "../project/project.ts";
import { searchInputs } from "./search-inputs.ts";

/**
 * A plan as its file is to have it: with the plans of the halves, if these took turns where it was chosen. Another plan of the
 * same search was chosen on all samples as well, and has no halves.
 */
export function chosenPlan(
  { crossFit, recommended }: Pick<FrontFile, "crossFit" | "recommended">,
  plan: PartitionedPlan,
): ChosenPlan {
  const { exits } = plan;
  const halves = isSamePlan(recommended, plan) ? (crossFit?.halves ?? []) : [];
  return { exits, ...wayOf(plan), crossFit: crossFit && { halves: halves.map(planOfHalf) } };
}

function planOfHalf(half: HalfPlan): HalfPlan {
  const { chosenOn, exits } = half;
  return { chosenOn, exits, ...wayOf(half) };
}

/**
 * What stands in for a plan's accuracy on the test split where that had a part in choosing it: undefined where it hadn't.
 * A plan of another hand than the search's has no halves.
 */
export function crossFitOfPlan(
  project: SearchedProject & Pick<Project, "front">,
  profile: Profile,
  plan: Plan,
  classWeights?: ClassWeights,
): CrossFit | undefined {
  const halves = halvesOf(project.front, plan);
  if (!halves) return undefined;
  // Exported files run on one target, wherever their plan was to be partitioned.
  const onDevice = halves.map(({ chosenOn, exits, chain }) => ({ chosenOn, exits, chain }));
  return estimateCrossFit(
    { on: (part) => ({ ...searchInputs(project, part, profile), classWeights }) },
    onDevice,
  );
}

function isSameChoice(one: PartitionedPlan, other: PartitionedPlan): boolean {
  return isSameChain(one, other) && exitsKey(one) === exitsKey(other);
}

function halvesOf(front: FrontFile | undefined, plan: Plan): readonly HalfPlan[] | undefined {
  const ofPlan = front && crossFitFor(front, isSameChoice(front.recommended, plan));
  return (plan.crossFit ?? ofPlan)?.halves;
}
