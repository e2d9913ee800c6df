import type { FrontFile } from "../../files/front-file.ts";

/** The quality of an algorithm's front at one time. */
export interface HypervolumeSample {
  readonly seconds: number;
  readonly evaluations: number;
  /** Share of the box between reference point and ideal, 0-1. */
  readonly hypervolume: number;
}

/** Samples by algorithm, in the order that the algorithms ran. */
export type HypervolumeHistory = ReadonlyMap<string, readonly HypervolumeSample[]>;

/** Samples kept per algorithm; when there are more, every second one goes. */
export const maxSamples = 240;

/** Takes the progress of a search in; a sample that isn't later than the last one replaces it. */
export function withProgress(
  history: HypervolumeHistory,
  { algorithm, seconds, evaluations, hypervolume }: HypervolumeSample & { readonly algorithm: string },
): HypervolumeHistory {
  const before = history.get(algorithm) ?? [];
  const earlier = before.filter((sample) => sample.seconds < seconds);
  const samples = [...earlier, { seconds, evaluations, hypervolume }];
  return new Map(history).set(algorithm, samples.length > maxSamples ? thinned(samples) : samples);
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

/** The range that tells the ends of the curves apart; what lies far below is the first moments. */
export function hypervolumeDomain(history: HypervolumeHistory): [number, number] {
  const ends = [...history.values()].flatMap((samples) =>
    samples.slice(-1).map(({ hypervolume }) => hypervolume),
  );
  if (ends.length === 0) return [0, 1];
  const [worst, best] = [Math.min(...ends), Math.max(...ends)];
  const room = Math.max(0.01, 0.6 * (best - worst));
  return [Math.max(0, worst - 2 * room), Math.min(1, best + 0.5 * room)];
}
