import { rules } from "../measurement-rules.ts";
import { quantile } from "../statistics.ts";
import { lowMean, sortTimes } from "./low-mean.ts";
import type { Timing } from "./timing.ts";

/** How slow a machine was through a measurement, beside itself: 1.1 where runs took a tenth longer. */
export interface Pace {
  at(atMs: number): number;
  /** How far the slowest moment was from the fastest: 0.1 for a tenth. */
  readonly drift: number;
}

/** Moments with fewer runs around them take in more of their surroundings. */
const fewestRuns = 8;

/** Points of the curve in a window. */
const pointsPerWindow = 3;

/**
 * The machine's pace from series whose runs are long beside the clock's steps. It is wide and low on purpose: a window of
 * some ms would follow the disturbances of single runs, which the low mean leaves out anyhow; what is to be followed are
 * clocks that change and neighbours that come and go.
 */
export function paceOf(series: readonly (readonly Timing[])[]): Pace {
  const runs = series.flatMap((timings) => {
    const level = lowMean(sortTimes(timings)) ?? 0;
    return level > 0 ? timings.map(({ ms, atMs }) => ({ atMs, slowness: ms / level })) : [];
  });
  if (runs.length < fewestRuns) return { at: () => 1, drift: 0 };
  runs.sort((a, b) => a.atMs - b.atMs);
  const start = runs[0].atMs;
  const step = rules.paceWindowMs / pointsPerWindow;
  const points = Math.floor((runs[runs.length - 1].atMs - start) / step) + 1;
  const curve = Array.from({ length: points }, (_, point) =>
    slownessAround(runs, start + (point + 0.5) * step),
  );
  const [least, most] = [Math.min(...curve), Math.max(...curve)];
  return {
    at: (atMs) => curve[Math.min(points - 1, Math.max(0, Math.floor((atMs - start) / step)))],
    drift: most / least - 1,
  };
}

/** @param runs in the order of time */
function slownessAround(runs: readonly { atMs: number; slowness: number }[], atMs: number): number {
  for (let reach = rules.paceWindowMs / 2; ; reach *= 2) {
    const around = runs.filter((run) => Math.abs(run.atMs - atMs) <= reach);
    if (around.length < Math.min(fewestRuns, runs.length)) continue;
    const sorted = around.map(({ slowness }) => slowness).sort((a, b) => a - b);
    return quantile(sorted, rules.paceShare);
  }
}
