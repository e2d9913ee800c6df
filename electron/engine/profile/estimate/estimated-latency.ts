import type { Random } from "../../../../shared/base/random.ts";
import type { Latency } from "../../../../shared/model/profile.ts";
import { rules } from "../measurement-rules.ts";
import { interquartileMean, latencyOf } from "../statistics.ts";
import type { Estimate, GroupTimings } from "./fit-latencies.ts";
import { halfWidthOf, resampleRounds } from "./resample-rounds.ts";
import type { Timing } from "./timing.ts";

/** The backbone's own latency, the pace that all others are stated at: the interquartile mean, as it ran on the whole. */
export function backboneLatency(
  groups: readonly Pick<GroupTimings, "backbone" | "rounds">[],
  random: Random,
): Latency {
  const times = groups.flatMap(({ backbone }) => backbone.map(({ ms }) => ms));
  const latency = latencyOf(times);
  const resampled = Array.from({ length: rules.resamples }, () =>
    interquartileMean(groups.flatMap(({ backbone, rounds }) => drawTimes(backbone, rounds, random))),
  );
  const halfWidth = halfWidthOf(resampled, Math.min(...groups.map(({ rounds }) => rounds)));
  return { ...latency, ...intervalAround(latency.meanMs, halfWidth) };
}

function drawTimes(timings: readonly Timing[], rounds: number, random: Random): number[] {
  const counts = resampleRounds(rounds, random);
  const drawn = timings.flatMap(({ ms, round }) => new Array<number>(counts[round]).fill(ms));
  return drawn.length > 0 ? drawn : timings.map(({ ms }) => ms);
}

/**
 * A latency at a pace of the backbone. How its times are spread is taken from the times of what it was estimated from.
 * @param paceMs mean latency of the backbone
 */
export function estimatedLatency(
  { ratio, halfWidth }: Estimate,
  paceMs: number,
  timings: readonly Timing[],
): Latency {
  const seen = latencyOf(timings.map(({ ms }) => ms));
  const meanMs = ratio * paceMs;
  const scale = seen.meanMs > 0 ? meanMs / seen.meanMs : 0;
  return {
    medianMs: seen.medianMs * scale,
    meanMs,
    p5Ms: seen.p5Ms * scale,
    p95Ms: seen.p95Ms * scale,
    count: seen.count,
    ...intervalAround(meanMs, halfWidth * paceMs),
  };
}

function intervalAround(meanMs: number, halfWidthMs: number): Pick<Latency, "intervalMs"> {
  if (!Number.isFinite(halfWidthMs)) return {};
  return { intervalMs: [Math.max(0, meanMs - halfWidthMs), meanMs + halfWidthMs] };
}
