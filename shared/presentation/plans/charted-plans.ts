import { type FrontFile, type ChartedPlan as StatedPlan, statedCost } from "../../files/front-file.ts";
import type { PastSearch } from "../../files/past-search.ts";
import type { PartitionedPlan, PlanFigures } from "../../model/plan.ts";
import { type FrontMeasure, frontMeasure } from "../../model/use-case.ts";
import { algorithmSeries, frozenSeries, type Series, type SeriesRole, schemeSeries } from "./series.ts";

/** A plan on chart, table and parallel coordinates. */
export interface ChartedPlan extends PartitionedPlan {
  readonly id: string;
  /** Id of its series. */
  readonly series: string;
  readonly role: SeriesRole;
  /** As the search stated them; latency and energy are on the search's own target. Null of earlier searches. */
  readonly stated: Pick<StatedPlan, "accuracy" | "latencyMs" | "energyMillijoules"> | null;
  /** On the chosen targets; null until they have been worked out, and where its partition needs a server that is not chosen. */
  readonly figures: PlanFigures | null;
}

/** A plan whose figures are known, as table and parallel coordinates show it. */
export interface EvaluatedPlan extends ChartedPlan {
  readonly figures: PlanFigures;
}

/** Fronts of a search under way, by algorithm in the order that they ran. */
export type GrowingFronts = ReadonlyMap<string, readonly StatedPlan[]>;

/**
 * Every plan that searches and fixed schemes have found, ours first, and behind them those without tuned networks. While a
 * search runs its growing fronts stand in for those of the last one.
 */
export function chartedPlans(front: FrontFile | null, growing: GrowingFronts | null): ChartedPlan[] {
  const fronts: [string, readonly StatedPlan[]][] = growing
    ? [...growing]
    : (front?.searches.map(({ algorithm, front: found }) => [algorithm, found]) ?? []);
  const [ours, ...others] = fronts.map(([algorithm, found], index) =>
    ofSeries(algorithmSeries(algorithm, index === 0), found),
  );
  return [
    ...(ours ?? []),
    ...(front?.frozen ? ofSeries(frozenSeries, front.frozen.front) : []),
    ...others.flat(),
    ...(front?.schemes.flatMap(({ scheme, plans }) =>
      ofSeries(schemeSeries(scheme), byCost(plans, frontMeasure(front.useCase))),
    ) ?? []),
  ];
}

/** The plans of an earlier search's front, to be looked at on the targets that are chosen now. */
export function pastPlans(search: PastSearch, { id, role }: Pick<Series, "id" | "role">): ChartedPlan[] {
  return search.plans.map((plan, index) => ({
    ...plan,
    id: `${id}/${index}`,
    series: id,
    role,
    stated: null,
    figures: null,
  }));
}

function ofSeries({ id, role }: Series, plans: readonly StatedPlan[]): ChartedPlan[] {
  return plans.map(({ exits, chain, cut, cutMember, ...own }, index) => ({
    id: `${id}/${index}`,
    series: id,
    role,
    exits,
    chain,
    cut,
    cutMember,
    stated: {
      accuracy: own.accuracy,
      latencyMs: own.latencyMs,
      ...(own.energyMillijoules !== undefined && { energyMillijoules: own.energyMillijoules }),
    },
    figures: null,
  }));
}

function byCost(plans: readonly StatedPlan[], measure: FrontMeasure): StatedPlan[] {
  return [...plans].sort((a, b) => statedCost(a, measure) - statedCost(b, measure));
}
