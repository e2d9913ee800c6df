import { AppError } from "../base/errors.ts";
import type { PlanFigures } from "../model/plan.ts";
import { type Candidate, correctOfReference, type SearchSpace, totalWeight } from "../space/search-space.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";
import { groupMean, groupPercentile } from "./latency-measure.ts";

/** Where each sample leaves a plan, and whether it is right there. */
export interface Routing {
  /** Index into the plan's exits per sample [samples]; the number of exits stands for the backbone's own output. */
  readonly exit: Uint8Array;
  /** 1 right, 0 wrong, per sample [samples]. */
  readonly correct: Uint8Array;
}

/**
 * Sends every sample through the plan: it leaves at the first exit whose confidence reaches the threshold.
 * This is the plain reference that the fast evaluator is tested against.
 * @throws AppError 'file-invalid' if the exits don't rise along the backbone
 */
export function routeSamples(space: SearchSpace, exits: readonly ThresholdedExit[]): Routing {
  const candidates = exits.map((exit) => space.candidates[exit.candidate]);
  const thresholds = exits.map((exit) => Math.fround(exit.threshold));
  for (let k = 1; k < candidates.length; k++) {
    if (candidates[k].position > candidates[k - 1].position) continue;
    const [early, late] = [candidates[k - 1].cutPoint, candidates[k].cutPoint];
    throw new AppError("file-invalid", `the plan's exit at ${late} has to come before the one at ${early}`);
  }
  const exit = new Uint8Array(space.samples);
  const correct = new Uint8Array(space.samples);
  for (let sample = 0; sample < space.samples; sample++) {
    let taken = 0;
    while (taken < exits.length && candidates[taken].confidence[sample] < thresholds[taken]) taken++;
    exit[sample] = taken;
    correct[sample] =
      taken < exits.length ? candidates[taken].correct[sample] : space.backboneCorrect[sample];
  }
  return { exit, correct };
}

/**
 * What a plan costs and delivers on the space's split and target:
 * a sample that leaves at exit e takes L(e) plus h of every exit of the plan up to and including e.
 * @throws AppError 'file-invalid' if the exits don't rise along the backbone
 */
export function evaluatePlan(space: SearchSpace, exits: readonly ThresholdedExit[]): PlanFigures {
  return figuresOfCounts(space, exits, countSamples(space, exits));
}

/** How samples fare under a plan, each as often as it weighs. */
export interface SampleCounts {
  /** Samples that leave at each exit, the backbone's own output last. */
  readonly counts: readonly number[];
  /** Samples that are right where they leave. */
  readonly right: number;
  /** Samples that only the backbone has right, wherever the plan ends. */
  readonly lost: number;
}

/** @throws AppError 'file-invalid' if the exits don't rise along the backbone */
export function countSamples(space: SearchSpace, exits: readonly ThresholdedExit[]): SampleCounts {
  const { exit, correct } = routeSamples(space, exits);
  const reference = correctOfReference(space);
  const counts = new Array<number>(exits.length + 1).fill(0);
  let right = 0;
  let lost = 0;
  for (let sample = 0; sample < space.samples; sample++) {
    const weight = space.weights ? space.weights.counts[sample] : 1;
    counts[exit[sample]] += weight;
    right += weight * correct[sample];
    if (correct[sample] < reference[sample]) lost += weight;
  }
  return { counts, right, lost };
}

/** The same for samples that are counted already, each as often as it weighs. */
export function figuresOfCounts(
  space: SearchSpace,
  exits: readonly ThresholdedExit[],
  { counts, right, lost }: SampleCounts,
): PlanFigures {
  const total = totalWeight(space);
  const candidates = exits.map((placed) => space.candidates[placed.candidate]);
  const sumHeads = (cost: (head: (typeof candidates)[number]) => number, upTo: number) =>
    candidates.slice(0, upTo).reduce((sum, candidate) => sum + cost(candidate), 0);
  const latencies = exitLatencies(space, exits);
  const macs = counts.map((_, k) => {
    const prefixMacs = k < candidates.length ? candidates[k].prefixMacs : space.backboneMacs;
    return prefixMacs + sumHeads((candidate) => candidate.headMacs, k + 1);
  });
  const energies = exitEnergies(space, exits);
  const percentile = (percent: number) => groupPercentile(counts, latencies, counts.length, total, percent);
  return {
    accuracy: right / total,
    lostRate: lost / total,
    latencyMs: {
      mean: groupMean(counts, latencies, counts.length, total),
      p50: percentile(50),
      p95: percentile(95),
      worst: percentile(100),
    },
    exitRates: counts.map((count) => count / total),
    macs: groupMean(counts, macs, counts.length, total),
    ...(energies && { energyMillijoules: groupMean(counts, energies, counts.length, total) }),
    bytes: space.backboneBytes + sumHeads((candidate) => candidate.headBytes, candidates.length),
    peakActivationBytes: space.peakActivationBytes,
  };
}

/** What a sample takes that leaves at each exit, ms; the backbone's own output last. */
export function exitLatencies(
  space: Pick<SearchSpace, "candidates" | "backboneMs">,
  exits: readonly Pick<ThresholdedExit, "candidate">[],
): number[] {
  return pathCosts(
    exits.map(({ candidate }) => space.candidates[candidate]),
    space.backboneMs,
  );
}

/** The same in energy, mJ; undefined where not all of it is known. */
export function exitEnergies(
  space: Pick<SearchSpace, "candidates" | "backboneMillijoules">,
  exits: readonly Pick<ThresholdedExit, "candidate">[],
): number[] | undefined {
  const { backboneMillijoules, candidates } = space;
  const energies = exits.flatMap(({ candidate }) => candidates[candidate].energy ?? []);
  if (backboneMillijoules === undefined || energies.length < exits.length) return undefined;
  return pathCosts(
    energies.map(({ prefixMillijoules: prefixMs, headMillijoules: headMs }) => ({ prefixMs, headMs })),
    backboneMillijoules,
  );
}

/** Costs add up: that of the networks up to an exit, and of every head up to it. The sums are made in the order in which searches make them. */
function pathCosts(exits: readonly Pick<Candidate, "prefixMs" | "headMs">[], whole: number): number[] {
  const heads = (upTo: number) => exits.slice(0, upTo).reduce((sum, { headMs }) => sum + headMs, 0);
  return [...exits.map(({ prefixMs }) => prefixMs), whole].map((prefix, k) => prefix + heads(k + 1));
}
