import { type PlanPoint, paretoFront } from "./pareto-front.ts";

/**
 * Share of the box between a reference point and the ideal (accuracy 1, latency 0) that the points dominate.
 * Points outside the box add nothing.
 * @param reference the worst corner of the box; a box without area gives 0
 * @returns 0-1, more is better
 * @see Zitzler and Thiele 1999, doi:10.1109/4235.797969
 */
export function hypervolume(points: readonly PlanPoint[], reference: PlanPoint): number {
  const box = (1 - reference.accuracy) * reference.latencyMs;
  if (!(box > 0)) return 0;
  let area = 0;
  let accuracy = reference.accuracy;
  for (const point of paretoFront(points)) {
    if (point.accuracy <= accuracy || point.latencyMs >= reference.latencyMs) continue;
    area += (point.accuracy - accuracy) * (reference.latencyMs - point.latencyMs);
    accuracy = point.accuracy;
  }
  return area / box;
}
