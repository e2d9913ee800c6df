import type { PlanExit, PlanFigures } from "../../shared/domain/plan.ts";
import type { UseCase } from "../../shared/domain/use-case.ts";
import type { FrontFile, ChartedPlan as StatedPlan } from "../../shared/search/front-file.ts";
import { algorithmSeries, type Series, type SeriesRole, schemeSeries } from "./series.ts";

/** A plan on chart, table and parallel coordinates. */
export interface ChartedPlan {
  readonly id: string;
  /** Id of its series. */
  readonly series: string;
  readonly role: SeriesRole;
  readonly exits: readonly PlanExit[];
  /** As the search stated them; the latency is on the search's own target. */
  readonly stated: { readonly accuracy: number; readonly latencyMs: number };
  /** On the chosen target; null until they have been worked out. */
  readonly figures: PlanFigures | null;
}

/** Fronts of a search under way, by algorithm in the order that they ran. */
export type GrowingFronts = ReadonlyMap<string, readonly StatedPlan[]>;

/**
 * Every plan that searches and fixed schemes have found, ours first. While a search runs its growing fronts stand in
 * for those of the last one.
 */
export function chartedPlans(front: FrontFile | null, growing: GrowingFronts | null): ChartedPlan[] {
  const fronts: [string, readonly StatedPlan[]][] = growing
    ? [...growing]
    : (front?.searches.map(({ algorithm, front: found }) => [algorithm, found]) ?? []);
  return [
    ...fronts.flatMap(([algorithm, found], index) =>
      ofSeries(algorithmSeries(algorithm, index === 0), found),
    ),
    ...(front?.schemes.flatMap(({ scheme, plans }) => ofSeries(schemeSeries(scheme), byLatency(plans))) ??
      []),
  ];
}

function ofSeries({ id, role }: Series, plans: readonly StatedPlan[]): ChartedPlan[] {
  return plans.map(({ exits, accuracy, latencyMs }, index) => ({
    id: `${id}/${index}`,
    series: id,
    role,
    exits,
    stated: { accuracy, latencyMs },
    figures: null,
  }));
}

function byLatency(plans: readonly StatedPlan[]): StatedPlan[] {
  return [...plans].sort((a, b) => a.latencyMs - b.latencyMs);
}

/** Tells plans apart: the same exits with the same thresholds are the same plan. */
export function planKey(exits: readonly PlanExit[]): string {
  return JSON.stringify(
    exits.map(({ cutPoint, head, policy, threshold }) => [cutPoint, head, policy, threshold]),
  );
}

export function isSamePlan(one: readonly PlanExit[], other: readonly PlanExit[]): boolean {
  return (
    one === other ||
    (one.length === other.length &&
      one.every(
        ({ cutPoint, head, policy, threshold }, index) =>
          cutPoint === other[index].cutPoint &&
          head === other[index].head &&
          policy === other[index].policy &&
          threshold === other[index].threshold,
      ))
  );
}

/** The target that a front was searched on; -1 if its profile is gone. The file doesn't name it, but keeps the backbone's latency. */
export function searchedTarget(
  front: FrontFile,
  profiles: readonly { readonly backbone: { readonly meanMs: number } }[],
): number {
  return profiles.findIndex(({ backbone }) => backbone.meanMs === front.backbone.latencyMs);
}

/** The latency that a search's front speaks of. */
export type StatedLatency = UseCase["latency"];
