import { formatFactor, formatSignedMs, formatSignedPoints } from "../../base/format-number.ts";
import { ROUNDING } from "../../model/constraints.ts";
import type { PartitionedPlan, PlanFigures } from "../../model/plan.ts";
import { planNetworks } from "../../model/plan-networks.ts";

/** What a plan would be without one of its exits. */
export interface ExitImportance {
  /** The plan without it. */
  readonly without: PartitionedPlan;
  /** Null where that plan can't be worked out. */
  readonly lost: ExitLoss | null;
}

/** How a plan's figures change when an exit goes. */
export interface ExitLoss {
  /** Of the accuracy, percentage points. */
  readonly accuracyPp: number;
  readonly meanMs: number;
  /** The mean latency without the exit over that with it. */
  readonly slowdown: number;
}

/**
 * What each exit of a plan brings: what is lost without it, evaluated anew, with the other exits as they are.
 * @param figuresOf null for a plan that doesn't fit
 * @param backbone SHA-256 of the project's
 */
export function exitImportance(
  plan: PartitionedPlan,
  figures: PlanFigures,
  figuresOf: (plan: PartitionedPlan) => PlanFigures | null,
  backbone: string | undefined,
): ExitImportance[] {
  return plan.exits.map((_, index) => {
    const without = withoutExit(plan, index, backbone);
    const left = figuresOf(without);
    return { without, lost: left && lossOf(figures, left) };
  });
}

/** A loss as people read it, in window, report and terminal. */
export interface LossTexts {
  readonly accuracy: string;
  readonly meanLatency: string;
  /** How many times as long a sample takes without the exit. */
  readonly slowdown: string;
  /** What is to be said of the exit; absent where it brings something. */
  readonly remark?: string;
}

/** @param lost null where it isn't known */
export function lossTexts(lost: ExitLoss | null): LossTexts {
  if (!lost) return { accuracy: "–", meanLatency: "–", slowdown: "–" };
  return {
    accuracy: formatSignedPoints(lost.accuracyPp),
    meanLatency: formatSignedMs(lost.meanMs),
    slowdown: formatFactor(lost.slowdown),
    remark: bringsNothing(lost) ? "brings nothing" : undefined,
  };
}

/** Whether the plan is no slower and no less accurate without the exit. */
export function bringsNothing({ accuracyPp, meanMs }: ExitLoss): boolean {
  return accuracyPp >= -ROUNDING && meanMs <= ROUNDING;
}

function lossOf(figures: PlanFigures, left: PlanFigures): ExitLoss {
  const { mean } = figures.latencyMs;
  return {
    accuracyPp: 100 * (left.accuracy - figures.accuracy),
    meanMs: left.latencyMs.mean - mean,
    slowdown: left.latencyMs.mean / mean,
  };
}

/** The plan without its k-th exit, and without a network that nobody would leave then. */
function withoutExit(plan: PartitionedPlan, index: number, backbone: string | undefined): PartitionedPlan {
  const exits = plan.exits.filter((_, other) => other !== index);
  const { chain, cut, cutMember } = plan;
  if (!chain) return { exits, cut, cutMember };
  const networks = planNetworks({ exits, chain }, backbone);
  const kept = chain.filter((_, place) => networks[place].outputs > 0);
  const isBackbone = kept.length === 1 && kept[0] === backbone;
  return { exits, chain: isBackbone ? undefined : kept, cut, cutMember };
}
