import { frontMeasure, type UseCase } from "../model/use-case.ts";

/**
 * Boils the latencies of all samples down to one number, ms. The samples come in groups that take equally long:
 * group g has `counts[g]` samples of `costs[g]` ms each. Never falls when a cost rises.
 */
export type LatencyMeasure = (
  counts: ArrayLike<number>,
  costs: ArrayLike<number>,
  groups: number,
  samples: number,
) => number;

/** The measure that a use case names; search and evaluation share it, so that they agree to the last bit. */
export const latencyMeasures: Readonly<Record<UseCase["latency"], LatencyMeasure>> = {
  mean: groupMean,
  p50: (counts, costs, groups, samples) => groupPercentile(counts, costs, groups, samples, 50),
  p95: (counts, costs, groups, samples) => groupPercentile(counts, costs, groups, samples, 95),
};

/** By which of them a use case's front counts costs: energies by their mean. */
export function sweptMeasure(useCase: Pick<UseCase, "axis" | "latency">): UseCase["latency"] {
  const measure = frontMeasure(useCase);
  return measure === "energy" ? "mean" : measure;
}

/** The percentile that a measure is, if it is one. */
export const percentiles: Readonly<Partial<Record<UseCase["latency"], number>>> = { p50: 50, p95: 95 };

export function groupMean(
  counts: ArrayLike<number>,
  costs: ArrayLike<number>,
  groups: number,
  samples: number,
): number {
  let sum = 0;
  for (let group = 0; group < groups; group++) sum += counts[group] * costs[group];
  return sum / samples;
}

/**
 * The smallest cost that at least `percent` % of the samples don't exceed.
 * @param percent above 0, at most 100; 100 gives the worst case
 */
export function groupPercentile(
  counts: ArrayLike<number>,
  costs: ArrayLike<number>,
  groups: number,
  samples: number,
  percent: number,
): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let group = 0; group < groups; group++) {
    const cost = costs[group];
    if (cost >= smallest) continue;
    let within = 0;
    for (let other = 0; other < groups; other++) if (costs[other] <= cost) within += counts[other];
    if (within * 100 >= percent * samples) smallest = cost;
  }
  return smallest;
}
