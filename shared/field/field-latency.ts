import { z95 } from "../base/intervals.ts";
import { exitLatencies } from "../evaluate/evaluate-plan.ts";
import type { CountedPoint } from "../files/field-counts.ts";
import type { SearchSpace } from "../space/search-space.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";
import type { FieldLatency } from "./field-report.ts";

/** From exit rates, the end's last: where the mean latency lies by what the profile's may be off, if that is known, ms. */
export type PredictInterval = (exitRates: readonly number[]) => readonly [number, number] | undefined;

/**
 * A plan's mean latency by exit rates, with its 95 % interval: what the rates may be off by chance, and what the profile may be.
 * @param inputs that the rates were counted on
 */
export function latencyOfRates(
  space: SearchSpace,
  exits: readonly ThresholdedExit[],
  rates: readonly number[],
  inputs: number,
  predict: PredictInterval,
): { readonly meanMs: number; readonly intervalMs: [number, number] } {
  const latencies = exitLatencies(space, exits);
  const meanOf = (cost: (ms: number) => number) =>
    rates.reduce((sum, rate, exit) => sum + rate * cost(latencies[exit]), 0);
  const meanMs = meanOf((ms) => ms);
  const chance = z95 * Math.sqrt(meanOf((ms) => (ms - meanMs) ** 2) / inputs);
  const [low, high] = predict(rates) ?? [meanMs, meanMs];
  const intervalMs: [number, number] = [
    Math.max(0, meanMs - Math.hypot(meanMs - low, chance)),
    meanMs + Math.hypot(high - meanMs, chance),
  ];
  return { meanMs, intervalMs };
}

/** What the runner's own clock says, where it had one. */
export function measuredLatency({ latency }: CountedPoint): FieldLatency["measured"] {
  if (!latency) return undefined;
  const { inputs, sumMs, sumSquaresMs } = latency;
  const meanMs = sumMs / inputs;
  const chance = z95 * Math.sqrt(Math.max(0, sumSquaresMs / inputs - meanMs ** 2) / inputs);
  return { meanMs, intervalMs: [Math.max(0, meanMs - chance), meanMs + chance], inputs };
}
