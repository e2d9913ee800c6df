import type { PlanExit } from "../model/plan.ts";
import type { Latency, Profile } from "../model/profile.ts";

/** 95 % intervals, low and high, of what a profile predicts of a plan. */
export interface PredictedInterval {
  readonly meanMs: readonly [number, number];
  /** Of the backbone's mean latency over the plan's. */
  readonly speedup: readonly [number, number];
}

/**
 * How far a plan's predicted mean latency may be off by what its profile's latencies may be off. All are taken to be off
 * together, towards the same side: their errors share backbone, machine and time, nobody knows how much, and of all
 * correlations the full one gives the widest interval. The backbone's own pace is no part of it: plans are compared at that.
 * @param exitRates per exit of the plan, the backbone's own output last
 * @returns undefined where a latency has no interval
 */
export function predictedInterval(
  exits: readonly Pick<PlanExit, "cutPoint" | "head" | "policy">[],
  exitRates: readonly number[],
  profile: Pick<Profile, "backbone" | "final" | "prefixes" | "heads">,
): PredictedInterval | undefined {
  const passed: Latency[] = [];
  const leaving = exits.map((exit) => {
    const prefix = profile.prefixes.find(({ cutPoint }) => cutPoint === exit.cutPoint);
    const head = profile.heads.find(
      (own) => own.cutPoint === exit.cutPoint && own.head === exit.head && own.policy === exit.policy,
    );
    if (head) passed.push(head);
    return prefix && head && [prefix, ...passed];
  });
  const paths = [...leaving, [profile.final, ...passed]];
  const meanAt = (end: 0 | 1): number =>
    paths.reduce(
      (sum, path, index) =>
        sum +
        exitRates[index] * (path ?? []).reduce((all, one) => all + (one.intervalMs?.[end] ?? Number.NaN), 0),
      0,
    );
  const [low, high] = [meanAt(0), meanAt(1)];
  if (leaving.includes(undefined) || !(low > 0) || !(high > 0)) return undefined;
  const { meanMs } = profile.backbone;
  return { meanMs: [low, high], speedup: [meanMs / high, meanMs / low] };
}
