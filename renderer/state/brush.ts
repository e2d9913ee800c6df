import { ROUNDING } from "../../shared/model/constraints.ts";
import type { Place } from "../../shared/presentation/chart/axes.ts";
import type { Domain, Range } from "../../shared/presentation/chart/chart-domain.ts";
import { hasWords } from "../../shared/presentation/plans/column-filter.ts";

/** What the person has narrowed the plans to. */
export interface Brush {
  /** A rectangle of the chart, in its units. */
  readonly rectangle: Domain | null;
  /** Ranges of figures by column: stretches of the parallel coordinates, and what the table's filters say. */
  readonly ranges: ReadonlyMap<string, Range>;
  /** What names have to hold, by column: networks, exits' places, the series. */
  readonly words: ReadonlyMap<string, string>;
  /** Only plans that meet the use case. */
  readonly isMeeting: boolean;
}

export const noBrush: Brush = { rectangle: null, ranges: new Map(), words: new Map(), isMeeting: false };

export function isBrushed({ rectangle, ranges, words, isMeeting }: Brush): boolean {
  return rectangle !== null || ranges.size > 0 || words.size > 0 || isMeeting;
}

/** Differences and shares aren't exact: what is shown as an end of the range is within. */
export function isWithin([low, high]: Range, value: number): boolean {
  return value >= low - ROUNDING && value <= high + ROUNDING;
}

/** How a brush reads plans. */
export interface BrushReading<Plan> {
  /** Where the chart shows a plan; null if it doesn't. */
  placeOf(plan: Plan): Place | null;
  /** A plan's value in a column; null if it has none. */
  valueAt(plan: Plan, column: string): number | null;
  /** What a plan is called in a column. */
  wordsAt(plan: Plan, column: string): string;
  isMet(plan: Plan): boolean;
}

/** The plans that a brush leaves. */
export function brushed<Plan>(
  plans: readonly Plan[],
  { rectangle, ranges, words, isMeeting }: Brush,
  { placeOf, valueAt, wordsAt, isMet }: BrushReading<Plan>,
): Plan[] {
  const isInside = (plan: Plan) => {
    const place = rectangle && placeOf(plan);
    if (!rectangle || !place) return rectangle === null;
    return isWithin(rectangle.x, place.x) && isWithin(rectangle.y, place.y);
  };
  return plans.filter(
    (plan) =>
      isInside(plan) &&
      [...ranges].every(([column, range]) => {
        const value = valueAt(plan, column);
        return value !== null && isWithin(range, value);
      }) &&
      [...words].every(([column, wanted]) => hasWords(wordsAt(plan, column), wanted)) &&
      (!isMeeting || isMet(plan)),
  );
}

/** A rectangle between two corners, in any order. */
export function rectangleBetween(one: Place, other: Place): Domain {
  return { x: ordered(one.x, other.x), y: ordered(one.y, other.y) };
}

export function ordered(one: number, other: number): Range {
  return one <= other ? [one, other] : [other, one];
}
