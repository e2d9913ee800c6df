import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from "d3-scale";
import type { Axis } from "./axes.ts";
import type { Range } from "./chart-domain.ts";

export type Scale = ScaleContinuousNumeric<number, number>;

export function createScale(domain: Range, range: Range, log = false): Scale {
  // A logarithm has no zero: it starts two decades below the end.
  const low = log && domain[0] <= 0 ? domain[1] / 100 : domain[0];
  return (log ? scaleLog() : scaleLinear()).domain([low, domain[1]]).range(range);
}

/** Ticks at least some `distance` px apart, as round as they come. */
export function ticksOf(scale: Scale, log: boolean, distance: number): number[] {
  const [from, to] = scale.range();
  const maxTicks = Math.max(2, Math.floor(Math.abs(to - from) / distance));
  const [low, high] = scale.domain();
  if (!log || high / low < 3) return scaleLinear().domain([low, high]).ticks(maxTicks);
  for (const digits of [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]]) {
    const ticks = logTicks(low, high, digits);
    if (ticks.length <= maxTicks && ticks.length > 1) return ticks;
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

/** A value on an axis with what it says there. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Latencies and energies as plain numbers with as many digits as they need, quantities with their prefix. */
export function axisTicks(axis: Axis, values: readonly number[]): Tick[] {
  return axis.measure ? plainTicks(values) : values.map((value) => ({ value, label: axis.format(value) }));
}

/** Numbers all with as many digits after the point as they need. */
export function plainTicks(values: readonly number[]): Tick[] {
  const decimals = Math.max(0, ...values.map(decimalsOf));
  return values.map((value) => ({ value, label: value.toFixed(decimals) }));
}

/** Shares as per cent without the sign. */
export function percentTicks(shares: readonly number[]): Tick[] {
  const labels = plainTicks(shares.map((share) => 100 * share));
  return shares.map((value, index) => ({ value, label: labels[index].label }));
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
