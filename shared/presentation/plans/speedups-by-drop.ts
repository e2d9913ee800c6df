import { type FrontFile, statedCost } from "../../files/front-file.ts";
import type { SpeedupsAtDrop } from "../../files/summary.ts";
import { ROUNDING } from "../../model/constraints.ts";
import { costOf } from "../../model/plan.ts";
import { frontMeasure } from "../../model/use-case.ts";
import type { NetworkTitles } from "../words/network-titles.ts";

/** Drops that plans with and without tuned networks are compared at, percentage points. */
const comparedDropsPp = [0, 0.2, 0.5, 1] as const;

/** A static network or a plan, on the samples and the target of a front. */
interface Point {
  readonly accuracy: number;
  /** What the front's use case counts: a latency, ms, or an energy, mJ. */
  readonly cost: number;
}

/**
 * What plans attain without tuned networks, what they attain with them, and what static networks do, all against the backbone
 * as it came: how many times as fast they are, or how many times less energy they take on a front of energies.
 * @returns nothing of a front without tuned networks
 */
export function speedupsByDrop(front: FrontFile, titles: NetworkTitles): SpeedupsAtDrop[] {
  const { frozen, searches, backbone, useCase } = front;
  if (!frozen) return [];
  const rivals = staticNetworks(front, titles);
  const measure = frontMeasure(useCase);
  const backboneCost = statedCost(backbone, measure);
  // A plan without exits states its confidence for nobody: the backbone as it came does the same for less.
  const speedup = (plans: FrontFile["searches"][number]["front"], least: number) => {
    const points = plans.map((plan) => ({ accuracy: plan.accuracy, cost: statedCost(plan, measure) }));
    return Math.max(1, backboneCost / (cheapest(points, least)?.cost ?? Number.POSITIVE_INFINITY));
  };
  return comparedDropsPp.map((dropPp) => {
    const least = backbone.accuracy - dropPp / 100 - ROUNDING;
    const rival = cheapest(rivals, least);
    return {
      dropPp,
      frozen: speedup(frozen.front, least),
      tuned: speedup(searches.at(0)?.front ?? [], least),
      rival: rival && { name: rival.name, speedup: backboneCost / rival.cost },
    };
  });
}

/** Reference models, and the project's further networks as they came, each by itself. */
function staticNetworks(
  { frozen, references = [], useCase }: FrontFile,
  titles: NetworkTitles,
): (Point & { readonly name: string })[] {
  const alone = frozen?.alone ?? [];
  return [
    ...alone.map((plan) => ({
      name: titles.whole(plan.chain?.at(-1)),
      accuracy: plan.accuracy,
      cost: statedCost(plan, frontMeasure(useCase)),
    })),
    ...references.map((reference) => ({
      name: reference.name,
      accuracy: reference.accuracy,
      cost: costOf(reference, useCase),
    })),
  ];
}

/** Of those whose cost is known. */
function cheapest<Own extends Point>(points: readonly Own[], least: number): Own | undefined {
  return points
    .filter(({ accuracy, cost }) => accuracy >= least && Number.isFinite(cost))
    .reduce<Own | undefined>((best, own) => (best && best.cost <= own.cost ? best : own), undefined);
}
