import type { ChartedPlan } from "../../../shared/files/front-file.ts";

type Point = Pick<ChartedPlan, "accuracy" | "latencyMs">;

/** The ranges that a Pareto chart shows. */
export interface ParetoDomain {
  readonly accuracy: readonly [number, number];
  readonly latencyMs: readonly [number, number];
}

/** Room around the outermost points, as share of the range. */
const padding = 0.06;

/** The accuracy range reaches at least this far below the best point, and this many times as far as the key points. */
const leastAccuracyRange = 0.03;
const keyRangeFactor = 2.5;

/** Plans slower than this many times the slowest key point are left out. */
const slowestFactor = 1.15;

/**
 * The range in which plans are compared: all key points (the plan, the backbone, the constraints) and what lies
 * around them, instead of every poor plan that a scheme or a search came across.
 */
export function paretoDomain(key: readonly Point[], others: readonly Point[]): ParetoDomain {
  const slowest = Math.max(...key.map(({ latencyMs }) => latencyMs)) * slowestFactor;
  const top = Math.max(...[...key, ...others].map(({ accuracy }) => accuracy));
  const lowestKey = Math.min(...key.map(({ accuracy }) => accuracy));
  const floor = top - Math.max(leastAccuracyRange, keyRangeFactor * (top - lowestKey));
  const shown = [...key, ...others.filter((point) => point.accuracy >= floor && point.latencyMs <= slowest)];
  const accuracies = shown.map(({ accuracy }) => accuracy);
  const latencies = shown.map(({ latencyMs }) => latencyMs);
  const latency = padded(Math.min(...latencies), Math.max(...latencies));
  // From zero where that doesn't squeeze the points, so that distances are ratios.
  const fromZero = latency[0] < 0.5 * latency[1];
  return {
    accuracy: padded(Math.min(...accuracies), Math.max(...accuracies)),
    latencyMs: [fromZero ? 0 : latency[0], latency[1]],
  };
}

export function isInside({ accuracy, latencyMs }: ParetoDomain, point: Point): boolean {
  return (
    point.accuracy >= accuracy[0] &&
    point.accuracy <= accuracy[1] &&
    point.latencyMs >= latencyMs[0] &&
    point.latencyMs <= latencyMs[1]
  );
}

function padded(low: number, high: number): [number, number] {
  const room = (high - low || Math.abs(high) || 1) * padding;
  return [low - room, high + room];
}
