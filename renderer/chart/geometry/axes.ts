import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from "d3-scale";
import { formatBytes, formatMs, formatQuantity } from "../../../shared/base/format-number.ts";
import type { PlanFigures } from "../../../shared/model/plan.ts";
import type { ConstraintField } from "../../../shared/model/use-case.ts";
import type { ChartedPlan, StatedLatency } from "../../state/charted-plans.ts";

export const axisIds = ["mean", "p50", "p95", "macs", "bytes"] as const;
export type AxisId = (typeof axisIds)[number];

/** What accuracy is drawn against. */
export interface Axis {
  readonly id: AxisId;
  readonly title: string;
  /** As the axis says it, with its unit. */
  readonly label: string;
  /** The latency of the use case that it shows; absent on the other axes. */
  readonly latency?: StatedLatency;
  /** Constraints on what it shows, beside the latency budget. */
  readonly limits: readonly ConstraintField[];
  of(figures: PlanFigures): number;
  format(value: number): string;
}

export const axes: Readonly<Record<AxisId, Axis>> = {
  mean: {
    id: "mean",
    title: "Mean latency",
    label: "mean latency, ms",
    latency: "mean",
    limits: [],
    of: ({ latencyMs }) => latencyMs.mean,
    format: formatMs,
  },
  p50: {
    id: "p50",
    title: "p50 latency",
    label: "p50 latency, ms",
    latency: "p50",
    limits: [],
    of: ({ latencyMs }) => latencyMs.p50,
    format: formatMs,
  },
  p95: {
    id: "p95",
    title: "p95 latency",
    label: "p95 latency, ms",
    latency: "p95",
    limits: ["maxP95Ms"],
    of: ({ latencyMs }) => latencyMs.p95,
    format: formatMs,
  },
  macs: {
    id: "macs",
    title: "MACs",
    label: "mean MACs per sample",
    limits: [],
    of: ({ macs }) => macs,
    format: formatQuantity,
  },
  bytes: {
    id: "bytes",
    title: "Size",
    label: "size of all weights",
    limits: ["maxBytes"],
    of: ({ bytes }) => bytes,
    format: formatBytes,
  },
};

/** Where a plan stands, in the axes' own units. */
export interface Place {
  readonly x: number;
  /** Accuracy, 0-1. */
  readonly y: number;
}

/** @param stated the latency that the search's own figures speak of on this target; null if they are another target's */
export function placeOf(plan: ChartedPlan, axis: Axis, stated: StatedLatency | null): Place | null {
  if (plan.figures) return { x: axis.of(plan.figures), y: plan.figures.accuracy };
  return stated !== null && axis.latency === stated
    ? { x: plan.stated.latencyMs, y: plan.stated.accuracy }
    : null;
}

export type Range = readonly [number, number];

export interface Domain {
  readonly x: Range;
  readonly y: Range;
}

/** Room around the outermost points, as share of the range. */
const padding = 0.06;

/** The accuracy range reaches at least this far below the best point, and this many times as far as the key points. */
const leastAccuracyRange = 0.03;
const keyRangeFactor = 2.5;

/** Plans that cost more than this many times the costliest key point are left out. */
const costliestFactor = 1.15;

/**
 * The range in which plans are compared: the key points (live plan, backbone, constraints) and what lies around
 * them, instead of every poor plan that a scheme or a search came across. The report's chart shows the same.
 */
export function domainAround(key: readonly Place[], others: readonly Place[], log: boolean): Domain {
  const costliest = Math.max(...key.map(({ x }) => x)) * costliestFactor;
  const top = Math.max(...[...key, ...others].map(({ y }) => y));
  const lowestKey = Math.min(...key.map(({ y }) => y));
  const floor = top - Math.max(leastAccuracyRange, keyRangeFactor * (top - lowestKey));
  return domainOfAll([...key, ...others.filter(({ x, y }) => y >= floor && x <= costliest)], log);
}

/** A domain that reaches as far as a place, with a little room beyond. */
export function including({ x, y }: Domain, place: Place): Domain {
  const reach = ([low, high]: Range, value: number): Range => {
    const room = (high - low) * padding;
    return [value < low ? value - room : low, value > high ? value + room : high];
  };
  return { x: reach(x, place.x), y: reach(y, place.y) };
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

export type Scale = ScaleContinuousNumeric<number, number>;

export function createScale(domain: Range, range: Range, log = false): Scale {
  // A logarithm has no zero: it starts two decades below the end.
  const low = log && domain[0] <= 0 ? domain[1] / 100 : domain[0];
  return (log ? scaleLog() : scaleLinear()).domain([low, domain[1]]).range(range);
}

/** Ticks at least some `distance` px apart, as round as they come. */
export function ticksOf(scale: Scale, log: boolean, distance: number): number[] {
  const [from, to] = scale.range();
  const most = Math.max(2, Math.floor(Math.abs(to - from) / distance));
  const [low, high] = scale.domain();
  if (!log || high / low < 3) return scaleLinear().domain([low, high]).ticks(most);
  for (const digits of [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]]) {
    const ticks = logTicks(low, high, digits);
    if (ticks.length <= most && ticks.length > 1) return ticks;
  }
  return logTicks(low, high, [1]);
}

function logTicks(low: number, high: number, digits: readonly number[]): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++)
    for (const digit of digits) {
      const tick = Number(`${digit}e${power}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  return ticks;
}

/** Formats ticks: plain numbers with as many digits as they need, quantities with their prefix. */
export function tickLabels(axis: Axis, ticks: readonly number[]): string[] {
  if (!axis.latency) return ticks.map((tick) => axis.format(tick));
  return sameDecimals(ticks);
}

/** Accuracy ticks as per cent without the sign. */
export function percentLabels(ticks: readonly number[]): string[] {
  return sameDecimals(ticks.map((tick) => 100 * tick));
}

function sameDecimals(values: readonly number[]): string[] {
  const decimals = Math.max(0, ...values.map((value) => decimalsOf(value)));
  return values.map((value) => value.toFixed(decimals));
}

function decimalsOf(value: number): number {
  const text = String(Number(value.toPrecision(6)));
  return text.includes(".") ? text.length - text.indexOf(".") - 1 : 0;
}

const speedUps = [1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20];

/** Where the axis says how many times faster than the backbone, at least 40 px apart. */
export function speedUpTicks(scale: Scale, backbone: number): { factor: number; at: number }[] {
  const [low, high] = scale.domain();
  let last = Number.POSITIVE_INFINITY;
  const ticks: { factor: number; at: number }[] = [];
  for (const factor of speedUps) {
    const value = backbone / factor;
    const at = scale(value);
    if (value < low || value > high || last - at < 40) continue;
    ticks.push({ factor, at });
    last = at;
  }
  return ticks;
}

/** A domain scaled about a place; factor below 1 zooms in. */
export function zoomed(scale: Scale, about: number, factor: number): Range {
  const [from, to] = scale.range();
  const edge = (px: number) => scale.invert(about + (px - about) * factor);
  return [edge(from), edge(to)];
}

/** A domain moved by so many pixels. */
export function moved(scale: Scale, px: number): Range {
  const [from, to] = scale.range();
  return [scale.invert(from - px), scale.invert(to - px)];
}
