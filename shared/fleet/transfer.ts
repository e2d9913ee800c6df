import { countSamples, figuresOfCounts, type SampleCounts } from "../evaluate/evaluate-plan.ts";
import type { FrontFile } from "../files/front-file.ts";
import { checkConstraints, ROUNDING } from "../model/constraints.ts";
import { isSameChain, isSamePartition, type PartitionedPlan, type PlanFigures } from "../model/plan.ts";
import type { Miss, UseCase } from "../model/use-case.ts";
import { type DesignSpace, spaceOfPlan } from "../space/design-space.ts";
import { fromPlanExits } from "../space/plan-exits.ts";
import { referenceAccuracy } from "../space/reference-point.ts";
import { differenceOf, type LatencyDifference, type LatencySum, totalMs } from "./latency-sum.ts";
import { planSum, type TimedTarget } from "./plan-sum.ts";
import type { RankedNetwork } from "./ranked.ts";

/** A target, and what a search for a use case found for it. */
export interface TargetDesign extends TimedTarget {
  /** Every way through the networks that the profile has timed, with every partition if there is a server; see `evaluationSpaces`. */
  readonly spaces: readonly DesignSpace[];
  /** Of the same samples as those of the other targets. */
  readonly front: Pick<FrontFile, "recommended" | "searches" | "backbone">;
}

/** What the plan that was chosen for one target does on another, under the same thresholds. */
export interface Transfer {
  readonly accuracy: number;
  /** How much less accurate it is than the plan that was chosen there, percentage points; below 0 if it is more accurate. */
  readonly accuracyLostPp: number;
  /** The latency that the use case refers to. */
  readonly latencyMs: number;
  /** Of the backbone's mean latency there over that. */
  readonly speedup: number;
  /** Share of the speed-up of the plan that was chosen for that target which is lost, per cent; below 0 if it is faster than that one. */
  readonly lostPct: number;
  /** What that may be by the 95 % intervals of that target's profile; absent where latencies have none. */
  readonly lostIntervalPct?: readonly [number, number];
  /** How its exits compare with those of that plan: all alike, all but the partition, with other thresholds, or at other places. */
  readonly exits: "same" | "other partition" | "same places" | "other";
  /** How many plans of that target's front beat it, and of how many. */
  readonly beatenBy: number;
  readonly front: number;
  /** By how much it is slower than the fastest plan of that front which is at least as accurate, per cent. */
  readonly behindPct: number;
  /** Constraints that it breaks there. */
  readonly misses: readonly Miss[];
}

/**
 * What a plan that was chosen for a target does on another.
 * @throws AppError 'file-invalid' if that target's profile hasn't timed all of the plan
 */
export function transferTo(
  target: TargetDesign,
  plan: PartitionedPlan,
  useCase: UseCase,
  networks: readonly RankedNetwork[],
): Transfer {
  const { front } = target;
  const { latency } = useCase;
  const own = front.recommended;
  const [moved, chosen] = [plan, own].map((each) => {
    const figures = figuresOn(target, each);
    return {
      figures,
      ms: figures.latencyMs[latency],
      sum: sumOn(target, each, figures, latency, networks),
    };
  });
  const interval =
    moved.sum && chosen.sum && lostInterval(differenceOf(moved.sum, chosen.sum), totalMs(moved.sum));
  const point = { accuracy: moved.figures.accuracy, latencyMs: moved.ms };
  return {
    ...point,
    accuracyLostPp: 100 * (chosen.figures.accuracy - moved.figures.accuracy),
    speedup: front.backbone.latencyMs / moved.ms,
    lostPct: 100 * (1 - chosen.ms / moved.ms),
    ...(interval && { lostIntervalPct: interval }),
    exits: likeness(plan, own),
    ...placeOnFront(point, front.searches[0].front),
    misses: missesOf(useCase, moved.figures, target),
  };
}

/**
 * What a plan costs and delivers on a target.
 * @param counts of the plan, if they are known: decisions don't depend on the target
 * @throws AppError 'file-invalid' if its profile hasn't timed all of it
 */
export function figuresOn(
  { spaces }: Pick<TargetDesign, "spaces">,
  plan: PartitionedPlan,
  counts?: SampleCounts,
): PlanFigures {
  const { space, exits } = placedOn(spaces, plan);
  return figuresOfCounts(space, exits, counts ?? countSamples(space, exits));
}

/** What a plan takes on a target, see `planSum`. */
export function sumOn(
  target: Omit<TargetDesign, "front">,
  plan: PartitionedPlan,
  figures: PlanFigures,
  latency: UseCase["latency"],
  networks: readonly RankedNetwork[],
): LatencySum | undefined {
  return planSum(plan, spaceOfPlan(target.spaces, plan), figures, latency, target, networks);
}

/** How samples fare under a plan, on any target alike. @throws AppError as `figuresOn` does */
export function countsOn({ spaces }: Pick<TargetDesign, "spaces">, plan: PartitionedPlan): SampleCounts {
  const { space, exits } = placedOn(spaces, plan);
  return countSamples(space, exits);
}

function placedOn(spaces: readonly DesignSpace[], plan: PartitionedPlan) {
  const { space } = spaceOfPlan(spaces, plan);
  return { space, exits: fromPlanExits(space, plan.exits) };
}

/** Of the loss, the plan's own latency taken as it is: to first order. */
function lostInterval({ intervalMs }: LatencyDifference, planMs: number): [number, number] | undefined {
  return intervalMs && [(100 * intervalMs[0]) / planMs, (100 * intervalMs[1]) / planMs];
}

function likeness(one: PartitionedPlan, other: PartitionedPlan): Transfer["exits"] {
  const places = ({ exits }: PartitionedPlan) =>
    JSON.stringify(exits.map(({ member, cutPoint, head, policy }) => [member, cutPoint, head, policy]));
  if (!isSameChain(one, other) || places(one) !== places(other)) return "other";
  const isSame = one.exits.every(({ threshold }, index) => threshold === other.exits[index].threshold);
  if (!isSame) return "same places";
  return isSamePartition(one, other) ? "same" : "other partition";
}

interface Point {
  readonly accuracy: number;
  readonly latencyMs: number;
}

/** Rounding apart: sums of other orders differ in their last digits. */
function placeOnFront(
  own: Point,
  front: readonly Point[],
): Pick<Transfer, "beatenBy" | "front" | "behindPct"> {
  const atLeast = front.filter(({ accuracy }) => accuracy >= own.accuracy - ROUNDING);
  const slower = (by: number) => own.latencyMs > by * (1 + ROUNDING);
  const beating = atLeast.filter(
    ({ accuracy, latencyMs }) =>
      slower(latencyMs) ||
      (accuracy > own.accuracy + ROUNDING && !(latencyMs > own.latencyMs * (1 + ROUNDING))),
  );
  const fastestMs = Math.min(own.latencyMs, ...atLeast.map(({ latencyMs }) => latencyMs));
  return { beatenBy: beating.length, front: front.length, behindPct: 100 * (own.latencyMs / fastestMs - 1) };
}

function missesOf(useCase: UseCase, figures: PlanFigures, { spaces }: TargetDesign): Miss[] {
  const backboneAccuracy = referenceAccuracy(spaces[0].space);
  return checkConstraints(useCase, { figures, backboneAccuracy })
    .filter(({ isMet }) => !isMet)
    .map(({ constraint, wanted, got }) => ({ constraint: constraint.field, wanted, got }));
}
