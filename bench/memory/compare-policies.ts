import { pairedDifference, z95 } from "../../shared/base/intervals.ts";
import { exitLatencies, routeSamples } from "../../shared/evaluate/evaluate-plan.ts";
import { hypervolume } from "../../shared/pareto/hypervolume.ts";
import { paretoFront } from "../../shared/pareto/pareto-front.ts";
import { referenceAccuracy, referencePoint } from "../../shared/space/reference-point.ts";
import { correctOfReference, type SearchSpace } from "../../shared/space/search-space.ts";
import type { MemoryPlan, PlacedSplits } from "./memory-plans.ts";

/** A difference with the half width of its 95 % interval. */
export interface Difference {
  readonly difference: number;
  readonly halfWidth: number;
}

/** The fastest plan that loses at most so much on the samples that plans are chosen on. */
export interface PolicyChoice {
  readonly wishPp: number;
  readonly exits: number;
  readonly choice: { readonly dropPp: number; readonly meanMs: number };
  readonly test: {
    readonly dropPp: Difference;
    readonly meanMs: number;
    readonly speedup: number;
    /** Beside the plan without memory for the same wish, on the same samples. */
    readonly latencyPct: Difference;
    readonly accuracyPp: Difference;
  };
}

export interface PolicyFigures {
  readonly title: string;
  /** Of the plans that none beats on the choice samples, on the test samples. */
  readonly hypervolume: number;
  readonly plans: number;
  /** Beside the policy without memory. */
  readonly gain: Difference;
  readonly choices: readonly PolicyChoice[];
}

/** Plans that are compared; those without memory come first. */
export interface Contender {
  readonly title: string;
  readonly plans: readonly MemoryPlan[];
}

/**
 * What each contender's plans are worth on the test samples, beside those of the first.
 * @param wishesPp largest drops, on the samples that plans are chosen on
 */
export function comparePolicies(
  { choice, test }: PlacedSplits,
  contenders: readonly Contender[],
  wishesPp: readonly number[],
): PolicyFigures[] {
  const fronts = contenders.map(({ plans }) => paretoFront(plans));
  const routed = fronts.map((front) => front.map(routeOnTest));
  const volumes = routed.map((front) => volumesWithoutGroups(front, test.space));
  const floors = wishesPp.map((wishPp) => referenceAccuracy(choice.space) - wishPp / 100);
  const chosen = fronts.map((front) =>
    floors.map((floor) => front.findIndex(({ accuracy }) => accuracy >= floor)),
  );
  return contenders.map(({ title }, index) => ({
    title,
    hypervolume: volumes[index].whole,
    plans: fronts[index].length,
    gain: jackknife(volumes[index], volumes[0]),
    choices: wishesPp.map((wishPp, wish): PolicyChoice => {
      const at = chosen[index][wish];
      const { exits, accuracy, latencyMs } = fronts[index][at];
      return {
        wishPp,
        exits: exits.length,
        choice: { dropPp: 100 * (referenceAccuracy(choice.space) - accuracy), meanMs: latencyMs },
        test: besidePlain(routed[index][at], routed[0][chosen[0][wish]], test.space),
      };
    }),
  }));
}

/** What every test sample takes under a plan, and whether it is right. */
interface RoutedPlan {
  readonly milliseconds: Float64Array;
  readonly correct: Uint8Array;
}

function routeOnTest({ test, exits }: MemoryPlan): RoutedPlan {
  const latencies = exitLatencies(test, exits);
  const { exit, correct } = routeSamples(test, exits);
  return { milliseconds: Float64Array.from(exit, (taken) => latencies[taken]), correct };
}

function besidePlain(plan: RoutedPlan, plain: RoutedPlan, space: SearchSpace): PolicyChoice["test"] {
  const meanMs = meanOf(plan.milliseconds);
  const plainMs = meanOf(plain.milliseconds);
  const saved = meanDifference(plan.milliseconds, plain.milliseconds);
  return {
    dropPp: scaled(accuracyDifference(correctOfReference(space), plan.correct), 100),
    meanMs,
    speedup: space.backboneMs / meanMs,
    latencyPct: scaled(saved, 100 / plainMs),
    accuracyPp: scaled(accuracyDifference(plan.correct, plain.correct), 100),
  };
}

function accuracyDifference(one: Uint8Array, other: Uint8Array): Difference {
  let onlyOne = 0;
  let onlyOther = 0;
  for (let sample = 0; sample < one.length; sample++) {
    if (one[sample] > other[sample]) onlyOne++;
    else if (one[sample] < other[sample]) onlyOther++;
  }
  return pairedDifference(onlyOne, onlyOther, one.length);
}

function meanDifference(one: Float64Array, other: Float64Array): Difference {
  const differences = one.map((value, sample) => value - other[sample]);
  const difference = meanOf(differences);
  const squares = differences.reduce((sum, value) => sum + (value - difference) ** 2, 0);
  return { difference, halfWidth: z95 * Math.sqrt(squares / (one.length - 1) / one.length) };
}

function scaled({ difference, halfWidth }: Difference, by: number): Difference {
  return { difference: difference * by, halfWidth: halfWidth * by };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A front's hypervolume on all samples, and on all but those of one group, for each group. */
interface Volumes {
  readonly whole: number;
  readonly without: readonly number[];
}

const groups = 50;

/** Every fiftieth sample is of one group. */
function volumesWithoutGroups(front: readonly RoutedPlan[], space: SearchSpace): Volumes {
  const reference = referencePoint(space);
  const { samples } = space;
  const sums = front.map((plan) => groupSums(plan, samples));
  const volume = (left?: number) =>
    hypervolume(
      sums.map(({ right, milliseconds, counts }) => {
        const rest = (values: Float64Array) =>
          values.reduce((sum, value, group) => (group === left ? sum : sum + value), 0);
        return { accuracy: rest(right) / rest(counts), latencyMs: rest(milliseconds) / rest(counts) };
      }),
      reference,
    );
  return { whole: volume(), without: Array.from({ length: groups }, (_, group) => volume(group)) };
}

function groupSums({ correct, milliseconds }: RoutedPlan, samples: number) {
  const sums = {
    right: new Float64Array(groups),
    milliseconds: new Float64Array(groups),
    counts: new Float64Array(groups),
  };
  for (let sample = 0; sample < samples; sample++) {
    const group = sample % groups;
    sums.right[group] += correct[sample];
    sums.milliseconds[group] += milliseconds[sample];
    sums.counts[group]++;
  }
  return sums;
}

/** The difference of two fronts' hypervolumes on the same samples, its interval by leaving out one group at a time (Tukey 1958). */
function jackknife(one: Volumes, other: Volumes): Difference {
  const left = one.without.map((volume, group) => volume - other.without[group]);
  const mean = left.reduce((sum, value) => sum + value, 0) / groups;
  const squares = left.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    difference: one.whole - other.whole,
    halfWidth: z95 * Math.sqrt(((groups - 1) / groups) * squares),
  };
}
