import type { Place } from "./axes.ts";

export type Range = readonly [number, number];

export interface Domain {
  readonly x: Range;
  readonly y: Range;
}

/** Room around the outermost points, as share of the range. */
const padding = 0.06;

/** The accuracy range reaches at least this far below the best point, and this many times as far as the key points. */
const minAccuracyRange = 0.03;
const keyRangeFactor = 2.5;

/** Plans that cost more than this many times the costliest key point are left out. */
const costliestFactor = 1.15;

/**
 * The range in which plans are compared: the key points (backbone, constraints) and what lies around
 * them, instead of every poor plan that a scheme or a search came across.
 */
export function domainAround(key: readonly Place[], others: readonly Place[], log: boolean): Domain {
  const costliest = Math.max(...key.map(({ x }) => x)) * costliestFactor;
  const top = Math.max(...[...key, ...others].map(({ y }) => y));
  const lowestKey = Math.min(...key.map(({ y }) => y));
  const floor = top - Math.max(minAccuracyRange, keyRangeFactor * (top - lowestKey));
  return domainOfAll([...key, ...others.filter(({ x, y }) => y >= floor && x <= costliest)], log);
}

/** What a chart has to choose a range for. */
export interface ToShow {
  /** What is compared; see {@link domainAround}. */
  readonly key: readonly Place[];
  readonly others: readonly Place[];
  /** The plan that it is all about; null if it has no figures. */
  readonly plan: Place | null;
  /** Other networks and pinned plans, which bear names. */
  readonly named: readonly Place[];
}

/** The range that fits: around what is compared, as far as the plan and all that beats it, or around all there is. */
export function fittedDomain(
  { key, others, plan, named }: ToShow,
  log: boolean,
  fit: "front" | "all",
): Domain {
  if (fit === "all") return domainOfAll([...key, ...others, ...named], log);
  const around = domainAround(key, others, log);
  if (!plan) return around;
  return [...others, ...named]
    .filter((place) => dominates(place, plan))
    .reduce((domain, place) => including(domain, place, log), including(around, plan, log));
}

/** Whether a place costs no more than another and is no less accurate, and is better in one. */
export function dominates(one: Place, other: Place): boolean {
  return one.x <= other.x && one.y >= other.y && (one.x < other.x || one.y > other.y);
}

/** A domain that reaches as far as a place, with a little room beyond. */
export function including({ x, y }: Domain, place: Place, log = false): Domain {
  const reach = ([low, high]: Range, value: number): Range => {
    const room = (high - low) * padding;
    return [value < low ? value - room : low, value > high ? value + room : high];
  };
  const reachLog = ([low, high]: Range, value: number): Range => {
    const room = (high / low) ** padding;
    return [value < low ? value / room : low, value > high ? value * room : high];
  };
  return { x: log ? reachLog(x, place.x) : reach(x, place.x), y: reach(y, place.y) };
}

/** The range that shows every point. */
export function domainOfAll(places: readonly Place[], log: boolean): Domain {
  const x = rangeOf(places.map((place) => place.x));
  const y = padded(rangeOf(places.map((place) => place.y)));
  if (log) return { x: paddedLog(x), y };
  const wide = padded(x);
  // From zero where that doesn't squeeze the points, so that distances are ratios.
  return { x: [wide[0] < 0.5 * wide[1] ? 0 : wide[0], wide[1]], y };
}

function rangeOf(values: readonly number[]): Range {
  return [Math.min(...values), Math.max(...values)];
}

function padded([low, high]: Range): Range {
  const room = (high - low || Math.abs(high) || 1) * padding;
  return [low - room, high + room];
}

function paddedLog([low, high]: Range): Range {
  const room = (high / low) ** padding;
  return high > low ? [low / room, high * room] : [low / 1.1, high * 1.1];
}

export function isInDomain({ x, y }: Domain, place: Place): boolean {
  return place.x >= x[0] && place.x <= x[1] && place.y >= y[0] && place.y <= y[1];
}
