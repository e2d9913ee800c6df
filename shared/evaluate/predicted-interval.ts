import type { PartitionedPlan } from "../model/plan.ts";
import type { Latency, TimedNetworks } from "../model/profile.ts";
import { type NetworkNames, planPaths } from "./plan-paths.ts";

/** 95 % intervals, low and high, of what a profile predicts of a plan. */
export interface PredictedInterval {
  readonly meanMs: readonly [number, number];
  /** Of the backbone's mean latency over the plan's. */
  readonly speedup: readonly [number, number];
  /** Of its mean energy; absent where a part has none. */
  readonly energyMillijoules?: readonly [number, number];
}

/**
 * How far a plan's predicted mean latency may be off by what its profile's latencies may be off. All are taken to be off
 * together, towards the same side: their errors share backbone, machine and time, nobody knows how much, and of all
 * correlations the full one gives the widest interval. The backbone's own pace is no part of it: plans are compared at that.
 * @param exitRates per exit of the plan, the output of its last network last
 * @param networks see `planPaths`
 * @returns undefined where a latency has no interval
 */
export function predictedInterval(
  plan: Pick<PartitionedPlan, "exits" | "chain">,
  exitRates: readonly number[],
  profile: TimedNetworks,
  networks?: readonly NetworkNames[],
): PredictedInterval | undefined {
  const paths = planPaths(plan, profile, networks);
  if (!paths || paths.some(({ parts }) => !parts)) return undefined;
  const meanOf = (partOf: (part: Latency) => number): number =>
    paths.reduce(
      (sum, { parts = [] }, index) =>
        sum + exitRates[index] * parts.reduce((all, part) => all + partOf(part), 0),
      0,
    );
  const intervalOf = (of: (part: Latency) => readonly [number, number] | undefined) =>
    [0, 1].map((end) => meanOf((part) => of(part)?.[end] ?? Number.NaN)) as [number, number];
  const [low, high] = intervalOf(({ intervalMs }) => intervalMs);
  if (!(low > 0) || !(high > 0)) return undefined;
  const { meanMs } = profile.backbone;
  const energy = intervalOf((part) => part.energyIntervalMillijoules);
  return {
    meanMs: [low, high],
    speedup: [meanMs / high, meanMs / low],
    ...(energy.every((end) => end >= 0) && { energyMillijoules: energy }),
  };
}
