import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import type { PlanFigures } from "../model/plan.ts";
import { countRight } from "../space/reference-point.ts";
import type { SearchSpace } from "../space/search-space.ts";
import { thresholdLevels } from "../space/threshold-grid.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";

/** A way to place exits that the literature fixes beforehand; drawn beside the searched front. */
export interface FixedScheme {
  readonly id: string;
  readonly title: string;
  /** The paper, as people cite it. */
  readonly source: string;
  /** A plan per value of the shared threshold; none if the space lacks the exit policy that the scheme wants. */
  plans(space: SearchSpace): SchemePlan[];
}

export interface SchemePlan {
  readonly exits: readonly ThresholdedExit[];
  readonly figures: PlanFigures;
}

interface Definition {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** Exit policy by id. */
  readonly policy: string;
  /** Where the exits stand, as shares of the backbone's MACs (0-1). */
  readonly macsShares: readonly number[];
}

const SHARED_THRESHOLDS = 24;

/** Makes a scheme of exits at fixed shares of the MACs, which all share one threshold. */
export function defineScheme({ policy, macsShares, ...rest }: Definition): FixedScheme {
  return {
    ...rest,
    plans(space) {
      const placed = placeByMacs(space, policy, macsShares);
      if (placed.length === 0) return [];
      return [...sharedThresholds(space, placed)].map((threshold) => {
        const exits = placed.map((candidate) => ({ candidate, threshold }));
        return { exits, figures: evaluatePlan(space, exits) };
      });
    },
  };
}

/** Per share the nearest candidate of the policy, the more accurate of two heads; each position at most once. */
function placeByMacs(space: SearchSpace, policy: string, macsShares: readonly number[]): number[] {
  const choices = [...space.candidates.keys()]
    .filter((c) => space.candidates[c].policy === policy)
    .map((c) => ({ c, ...space.candidates[c], right: countRight(space.candidates[c].correct) }))
    .sort((a, b) => b.right - a.right);
  const chosen = new Map<number, number>();
  if (choices.length === 0) return [];
  for (const share of macsShares) {
    const distance = (macs: number) => Math.abs(macs - share * space.backboneMacs);
    const nearest = choices.reduce((best, other) =>
      distance(other.prefixMacs) < distance(best.prefixMacs) ? other : best,
    );
    chosen.set(nearest.position, nearest.c);
  }
  return [...chosen].sort(([a], [b]) => a - b).map(([, c]) => c);
}

/** One threshold for all exits, at the quantiles of their confidences taken together; falling. */
function sharedThresholds(space: SearchSpace, placed: readonly number[]): Float32Array {
  const pooled = new Float32Array(placed.length * space.samples);
  placed.forEach((c, k) => {
    pooled.set(space.candidates[c].confidence, k * space.samples);
  });
  return thresholdLevels(pooled, SHARED_THRESHOLDS);
}
