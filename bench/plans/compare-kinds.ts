import { planRecord } from "../../electron/engine/search/plan-record.ts";
import { searchInputs, searchSpaces } from "../../electron/engine/search/search-inputs.ts";
import type { ChosenPlan } from "../../shared/model/plan.ts";
import { searchOptionsSchema } from "../../shared/model/stage-options.ts";
import type { UseCase } from "../../shared/model/use-case.ts";
import { hypervolume } from "../../shared/pareto/hypervolume.ts";
import { recommendAcrossSpaces } from "../../shared/search/designs/recommend-across-spaces.ts";
import type { FrontPoint } from "../../shared/search/engine/front-point.ts";
import type { DesignSpace } from "../../shared/space/design-space.ts";
import { referenceAccuracy, referencePoint } from "../../shared/space/reference-point.ts";
import type { BenchedProject } from "./benched-project.ts";
import { type KindOfPlans, searchExactly, type TimedSearch } from "./kinds-of-plans.ts";

/** How a search of some seconds ended. */
export type SearchEnd = Pick<TimedSearch, "proven" | "gap" | "evaluations" | "seconds">;

/** The fastest plan of a kind that loses at most so much on the calibration split. */
export interface Choice {
  readonly wishPp: number;
  /** Nothing where no plan of the kind keeps the wish. */
  readonly chosen?: {
    readonly plan: ChosenPlan;
    readonly dropPp: number;
    readonly speedup: number;
  };
}

export interface KindFigures extends SearchEnd {
  readonly hypervolume: number;
  readonly plans: number;
  readonly choices: readonly Choice[];
  /** Plans of this front that no plan of the last kind is as accurate and as fast as; none, where that search is proven. */
  readonly unbeaten: number;
}

/** The best plan alone, with more exits than a front is proven for. */
export interface BestFigures extends SearchEnd, Choice {}

export interface Comparison {
  readonly samples: number;
  readonly backboneAccuracy: number;
  /** By name. */
  readonly kinds: Readonly<Record<string, KindFigures>>;
  readonly best: readonly BestFigures[];
}

export interface Wishes {
  readonly policies: string[];
  readonly levels: number;
  /** Most exits of a front's plans, and of the best plan alone. */
  readonly exits: number;
  readonly bestExits: number;
  readonly dropsPp: readonly number[];
  /** After so long a search says what gap is left, seconds. */
  readonly limitSeconds: number;
}

const useCase: UseCase = { latency: "mean" };

/**
 * Fronts of all kinds on the calibration split and their plans for some drops, and the best plan of all for each drop.
 * @param kinds the last one holds all others
 */
export async function compareKinds(
  benched: BenchedProject,
  wishes: Wishes,
  kinds: readonly KindOfPlans[],
): Promise<Comparison> {
  const { dropsPp, limitSeconds } = wishes;
  const all = allSpaces(benched, wishes, wishes.exits);
  const [{ space }] = all;
  const searches: TimedSearch[] = [];
  for (const kind of kinds)
    searches.push(await searchExactly(kind.spaces(all), "front", useCase, limitSeconds));
  const beating = searches[searches.length - 1].front;
  const figuresOf = (kind: KindOfPlans, index: number): KindFigures => {
    const { front, ...end } = searches[index];
    const spaces = kind.spaces(all);
    return {
      ...endOf(end),
      hypervolume: hypervolume(front, referencePoint(space)),
      plans: front.length,
      choices: dropsPp.map((wishPp) => choose(benched, spaces, front, wishPp)),
      unbeaten: front.filter((point) => !beating.some((other) => isAsGood(other, point))).length,
    };
  };
  const best: BestFigures[] = [];
  const deeper = allSpaces(benched, wishes, wishes.bestExits);
  for (const wishPp of dropsPp) {
    const wanted = wishFor(deeper, wishPp);
    const { front, ...end } = await searchExactly(deeper, "best", wanted, limitSeconds);
    best.push({ ...choose(benched, deeper, front, wishPp), ...endOf(end) });
  }
  return {
    samples: space.samples,
    backboneAccuracy: referenceAccuracy(space),
    kinds: Object.fromEntries(kinds.map((kind, index) => [kind.name, figuresOf(kind, index)])),
    best,
  };
}

function allSpaces(
  { project, profile }: BenchedProject,
  { policies, levels }: Wishes,
  maxExits: number,
): DesignSpace[] {
  const options = searchOptionsSchema.parse({ policies, levels, maxExits, useCase });
  return searchSpaces(searchInputs(project, "calibration", profile), options);
}

function endOf({ proven, gap, evaluations, seconds }: SearchEnd): SearchEnd {
  return { proven, gap, evaluations, seconds };
}

/** A negative drop is a wish for more than the backbone has, so it is said as an accuracy. */
function wishFor([{ space }]: readonly DesignSpace[], wishPp: number): UseCase {
  return { ...useCase, minAccuracy: referenceAccuracy(space) - wishPp / 100 };
}

function choose(
  { profile }: BenchedProject,
  spaces: readonly DesignSpace[],
  front: readonly FrontPoint[],
  wishPp: number,
): Choice {
  if (front.length === 0) return { wishPp };
  const { point, feasible, figures } = recommendAcrossSpaces(spaces, front, wishFor(spaces, wishPp));
  if (!feasible) return { wishPp };
  const { exits, chain } = planRecord(spaces, point, useCase);
  return {
    wishPp,
    chosen: {
      plan: { exits, ...(chain && { chain }) },
      dropPp: 100 * (referenceAccuracy(spaces[0].space) - figures.accuracy),
      speedup: profile.backbone.meanMs / figures.latencyMs.mean,
    },
  };
}

/** Equal plans of two chains are summed up in other orders, so their last digits may differ. */
const rounding = 1e-12;

function isAsGood(one: FrontPoint, other: FrontPoint): boolean {
  return one.right >= other.right && one.latencyMs <= other.latencyMs * (1 + rounding);
}
