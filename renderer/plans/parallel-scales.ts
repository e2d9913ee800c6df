import { scaleLinear } from "d3-scale";
import type { Range } from "../../shared/presentation/chart/chart-domain.ts";
import type { Scale } from "../../shared/presentation/chart/chart-scale.ts";
import type { BackbonePoint } from "../../shared/presentation/plans/backbone-point.ts";
import type { EvaluatedPlan } from "../../shared/presentation/plans/charted-plans.ts";
import { type Dimension, dimensions } from "../../shared/presentation/plans/plan-columns.ts";

/** An axis of the parallel coordinates with its place. */
export interface ParallelAxis {
  readonly id: string;
  readonly title: string;
  readonly left: number;
  readonly scale: Scale;
  readonly low: string;
  readonly high: string;
  /** The values at its ends. */
  readonly domain: Range;
  format(value: number): string;
  of(plan: EvaluatedPlan): number;
}

const margin = 34;

/** What a title takes, px; dimensions that would stand closer are left out. */
const minDistance = 58;

/** Lays the dimensions out side by side, as many as fit; every scale spans its values, upward is more. */
export function parallelAxes(
  plans: readonly EvaluatedPlan[],
  backbone: BackbonePoint,
  width: number,
  top: number,
  bottom: number,
): ParallelAxis[] {
  const maxAxes = Math.max(2, 1 + Math.floor((width - 2 * margin) / minDistance));
  const valueIn = (plan: EvaluatedPlan, { of }: Dimension) => of(plan.figures, backbone, plan);
  const isTelling = (dimension: Dimension) =>
    (!dimension.ifDiffering || new Set(plans.map((plan) => valueIn(plan, dimension))).size > 1) &&
    (!dimension.ifKnown || plans.every((plan) => !Number.isNaN(valueIn(plan, dimension))));
  const telling = dimensions.filter(isTelling);
  const first = new Set([...telling].sort((one, other) => one.rank - other.rank).slice(0, maxAxes));
  const fitting = telling.filter((dimension) => first.has(dimension));
  const distance = (width - 2 * margin) / (fitting.length - 1);
  return fitting.map((dimension, index) => {
    const { id, title, format } = dimension;
    const valueAt = (plan: EvaluatedPlan) => valueIn(plan, dimension);
    const values = plans.map(valueAt);
    const [low, high] = spread([Math.min(...values), Math.max(...values)]);
    return {
      id,
      title,
      left: margin + index * distance,
      scale: scaleLinear([low, high], [bottom, top]),
      domain: [low, high],
      format,
      low: format(low),
      high: format(high),
      of: valueAt,
    };
  });
}

/** One value alone is in the middle. */
function spread([low, high]: Range): Range {
  if (!Number.isFinite(low)) return [0, 1];
  return high > low ? [low, high] : [low - (Math.abs(low) || 1) / 2, low + (Math.abs(low) || 1) / 2];
}

/** The plan whose line passes nearest to a pixel, within a radius. */
export function nearestLine(
  plans: readonly EvaluatedPlan[],
  axes: readonly ParallelAxis[],
  left: number,
  top: number,
  radius: number,
): EvaluatedPlan | null {
  const right = axes.findIndex((axis) => axis.left >= left);
  const [from, to] = right <= 0 ? [axes[0], axes[1]] : [axes[right - 1], axes[right]];
  if (right < 0) return null;
  const share = Math.min(1, Math.max(0, (left - from.left) / (to.left - from.left)));
  let nearest: EvaluatedPlan | null = null;
  let least = radius;
  for (const plan of plans) {
    const at = (1 - share) * from.scale(from.of(plan)) + share * to.scale(to.of(plan));
    const distance = Math.abs(at - top);
    if (distance >= least) continue;
    nearest = plan;
    least = distance;
  }
  return nearest;
}
