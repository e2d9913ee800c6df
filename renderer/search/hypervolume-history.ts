import type { SearchProgress } from "../../shared/ipc/channels.ts";
import type { FrontFile } from "../../shared/search/front-file.ts";

/** How good an algorithm's front was at a time. */
export interface HypervolumeSample {
  readonly seconds: number;
  readonly evaluations: number;
  /** Share of the box between reference point and ideal, 0-1. */
  readonly hypervolume: number;
}

/** Samples by algorithm, in the order that the algorithms ran. */
export type HypervolumeHistory = ReadonlyMap<string, readonly HypervolumeSample[]>;

/** Samples kept per algorithm; when there are more, every second one goes. */
export const mostSamples = 240;

/** Takes the progress of a search in; a sample that isn't later than the last one replaces it. */
export function withProgress(
  history: HypervolumeHistory,
  { algorithm, seconds, evaluations, hypervolume }: Omit<SearchProgress, "front" | "evaluated">,
): HypervolumeHistory {
  const before = history.get(algorithm) ?? [];
  const earlier = before.filter((sample) => sample.seconds < seconds);
  const samples = [...earlier, { seconds, evaluations, hypervolume }];
  return new Map(history).set(algorithm, samples.length > mostSamples ? thinned(samples) : samples);
}

/** Ends every curve with what the finished search says of it. */
export function withResults(history: HypervolumeHistory, front: FrontFile): HypervolumeHistory {
  const ended = new Map<string, readonly HypervolumeSample[]>();
  for (const { algorithm, seconds, evaluations, hypervolume } of front.searches) {
    const before = history.get(algorithm) ?? [];
    ended.set(algorithm, [
      ...before.filter((sample) => sample.seconds < seconds),
      { seconds, evaluations, hypervolume },
    ]);
  }
  return ended;
}

function thinned(samples: readonly HypervolumeSample[]): HypervolumeSample[] {
  // The first and the last one stay.
  return samples.filter((_, index) => index % 2 === 0 || index === samples.length - 1);
}

/** Rows for a chart with one column per algorithm: each row is one moment of one algorithm. */
export function historyRows(history: HypervolumeHistory): Record<string, number>[] {
  const rows = [...history].flatMap(([algorithm, samples]) =>
    samples.map(
      ({ seconds, hypervolume }) => ({ seconds, [algorithm]: hypervolume }) as Record<string, number>,
    ),
  );
  return rows.sort((a, b) => a.seconds - b.seconds);
}
