import type { UseCase } from "../../model/use-case.ts";
import { createFrontArchive, type FrontArchive, nextAbove } from "../../pareto/front-archive.ts";
import { referenceAccuracy, referencePoint } from "../../space/reference-point.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import { constraintLimits } from "./constraint-limits.ts";

/** What a search is for: the whole front, or the single plan that the use case calls for, which is far cheaper. */
export type SearchGoal = "front" | "best";

/**
 * What plans not seen yet may attain at the most: `right` samples at `latencyMs`, and each further one up to
 * `lastRight` for `stepMs` more. No such plan has more right samples, or as many for less.
 */
export interface BoundLine {
  readonly right: number;
  readonly latencyMs: number;
  readonly stepMs: number;
  readonly lastRight: number;
}

/**
 * The plans found so far, and what another one has to beat. That is a curve, a latency per number of right
 * samples: for the front, what the fastest plan with at least as many takes; for the best plan, the latency of
 * that plan or the budget where the use case allows so few right samples, and nothing where it doesn't.
 */
export interface SearchTarget<Plan> extends FrontArchive<Plan> {
  /** Whether the curve beats the whole line. */
  beats(line: BoundLine): boolean;
  /**
   * How much at the most may still be gained if the plans not seen meet these limits. For the front: the
   * hypervolume that all they allow would add, as share of the box. For the best plan: by which share of the
   * figure that the use case wants best it could still be better; 1 while no plan meets the use case.
   */
  gap(lines: readonly BoundLine[]): number;
  /** Where lines that rise by `stepMs` a right sample have to begin, with none right, for the curve to beat them, ms. */
  ceiling(stepMs: number): number;
  /** How many samples the best plan gets right; nothing for the front, and while no plan meets the use case. */
  bestRight(): number | undefined;
}

type Prefers<Plan> = (plan: Plan, held: Plan) => boolean;

/**
 * @param curve where to keep the curve [samples + 1]
 * @param prefers which of two plans of equal figures to hold; without it the first
 */
export function createSearchTarget<Plan>(
  goal: SearchGoal,
  space: SearchSpace,
  useCase: UseCase,
  curve: Float64Array,
  prefers?: Prefers<Plan>,
): SearchTarget<Plan> {
  return goal === "front" ? frontTarget(space, curve, prefers) : bestTarget(space, useCase, curve, prefers);
}

function frontTarget<Plan>(
  space: SearchSpace,
  curve: Float64Array,
  prefers?: Prefers<Plan>,
): SearchTarget<Plan> {
  const archive = createFrontArchive<Plan>(space.samples, curve, prefers);
  const reference = referencePoint(space);
  const minRight = reference.right;

  /** Area between the curve and the lowest of the lines, within the box. */
  function gap(lines: readonly BoundLine[]): number {
    const lowest = new Float64Array(space.samples + 1).fill(Number.POSITIVE_INFINITY);
    for (const { right, latencyMs, stepMs, lastRight } of lines) {
      for (let k = lastRight; k > right; k--)
        lowest[k] = Math.min(lowest[k], latencyMs + (k - right) * stepMs);
      lowest[right] = Math.min(lowest[right], latencyMs);
    }
    let area = 0;
    for (let k = space.samples; k > minRight; k--) {
      if (k < space.samples) lowest[k] = Math.min(lowest[k], lowest[k + 1]);
      area += Math.max(0, Math.min(curve[k], reference.latencyMs) - lowest[k]);
    }
    const box = (space.samples - minRight) * reference.latencyMs;
    return box > 0 ? area / box : 0;
  }

  function ceiling(stepMs: number): number {
    return curve.reduce(
      (max, latencyMs, k) => Math.max(max, latencyMs - k * stepMs),
      Number.NEGATIVE_INFINITY,
    );
  }

  return { ...archive, beats: (line) => isBeaten(line, curve), gap, ceiling, bestRight: () => undefined };
}

function bestTarget<Plan>(
  space: SearchSpace,
  useCase: UseCase,
  curve: Float64Array,
  prefers?: Prefers<Plan>,
): SearchTarget<Plan> {
  const { samples } = space;
  const archive = createFrontArchive<Plan>(samples, undefined, prefers);
  const limits = constraintLimits(useCase, samples, referenceAccuracy(space));
  let minRight = Math.min(limits.minRight, samples + 1);
  let best: { readonly right: number; readonly latencyMs: number } | undefined;
  curve.fill(Number.NEGATIVE_INFINITY);
  curve.fill(limits.belowMs, minRight);

  function offer(right: number, latencyMs: number, plan: Plan): void {
    archive.offer(right, latencyMs, plan);
    const isSlower = limits.wantsAccuracy && best !== undefined && latencyMs > best.latencyMs;
    if (latencyMs >= curve[right] || isSlower) return;
    best = { right, latencyMs };
    if (limits.wantsAccuracy) {
      // As fast and more often right is better still, and an equal plan may be preferred.
      curve.fill(latencyMs, minRight, right);
      curve.fill(nextAbove(latencyMs), right);
    } else {
      curve.fill(Number.NEGATIVE_INFINITY, 0, right);
      curve[right] = nextAbove(latencyMs);
      minRight = right;
    }
  }

  function gap(lines: readonly BoundLine[]): number {
    const open = lines.filter((line) => !beats(line));
    if (open.length === 0) return 0;
    if (!best) return 1;
    const { right, latencyMs } = best;
    if (!limits.wantsAccuracy) {
      const max = open.map((line) => maxRight(line, limits.belowMs));
      return Math.max(0, Math.max(...max) - right) / Math.max(1, right);
    }
    const fastest = open.map((line) => line.latencyMs + Math.max(0, minRight - line.right) * line.stepMs);
    return Math.min(1, Math.max(0, 1 - Math.min(...fastest) / latencyMs));
  }

  /** Where the curve rises: a line is beaten if it is there. */
  function rises(): number[] {
    const bestRight = best?.right ?? minRight;
    return [minRight, Math.max(minRight, bestRight), bestRight + 1];
  }

  function beats({ right, latencyMs, stepMs, lastRight }: BoundLine): boolean {
    return rises().every((k) => k > lastRight || curve[k] <= latencyMs + Math.max(0, k - right) * stepMs);
  }

  function ceiling(stepMs: number): number {
    return Math.max(...rises().map((k) => (k > samples ? Number.NEGATIVE_INFINITY : curve[k] - k * stepMs)));
  }

  return {
    dominates: (right, latencyMs) => curve[right] <= latencyMs,
    offer,
    planAt: archive.planAt,
    front: archive.front,
    beats,
    gap,
    ceiling,
    bestRight: () => best?.right,
  };
}

/** The most right samples that a line allows below a latency. */
function maxRight({ right, latencyMs, stepMs, lastRight }: BoundLine, belowMs: number): number {
  if (!(stepMs > 0) || belowMs === Number.POSITIVE_INFINITY) return lastRight;
  return Math.min(lastRight, right + Math.ceil((belowMs - latencyMs) / stepMs));
}

function isBeaten({ right, latencyMs, stepMs, lastRight }: BoundLine, curve: Float64Array): boolean {
  for (let k = right; k <= lastRight; k++) if (curve[k] > latencyMs + (k - right) * stepMs) return false;
  return true;
}
