import type { Place } from "../../shared/presentation/chart/axes.ts";
import type { Domain, Range } from "../../shared/presentation/chart/chart-domain.ts";
import type { ChartedPlan } from "../../shared/presentation/plans/charted-plans.ts";

/** What the person has narrowed the plans to: a rectangle of the chart, ranges of the parallel coordinates. */
export interface Brush {
  /** In the chart's units, with the function that places a plan there. */
  readonly rectangle: Domain | null;
  /** Ranges by dimension of the parallel coordinates. */
  readonly ranges: ReadonlyMap<string, Range>;
}

export const noBrush: Brush = { rectangle: null, ranges: new Map() };

export function isBrushed({ rectangle, ranges }: Brush): boolean {
  return rectangle !== null || ranges.size > 0;
}

export function isWithin([low, high]: Range, value: number): boolean {
  return value >= low && value <= high;
}

/**
 * The plans that a brush leaves.
 * @param placeOf where the chart shows a plan; null if it doesn't
 * @param valueAt a plan's value on a dimension of the parallel coordinates; null if it has none
 */
export function brushed<Plan extends Pick<ChartedPlan, "id">>(
  plans: readonly Plan[],
  { rectangle, ranges }: Brush,
  placeOf: (plan: Plan) => Place | null,
  valueAt: (plan: Plan, dimension: string) => number | null,
): Plan[] {
  return plans.filter((plan) => {
    if (rectangle) {
      const place = placeOf(plan);
      if (!place || !isWithin(rectangle.x, place.x) || !isWithin(rectangle.y, place.y)) return false;
    }
    return [...ranges].every(([dimension, range]) => {
      const value = valueAt(plan, dimension);
      return value !== null && isWithin(range, value);
    });
  });
}

/** A rectangle between two corners, in any order. */
export function rectangleBetween(one: Place, other: Place): Domain {
  return { x: ordered(one.x, other.x), y: ordered(one.y, other.y) };
}

export function ordered(one: number, other: number): Range {
  return one <= other ? [one, other] : [other, one];
}
