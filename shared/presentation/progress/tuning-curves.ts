import type { TunedEpoch } from "../../model/tuned-epoch.ts";

/** How one output's accuracy went while its network was tuned. */
export interface TuningCurve {
  /** The network's own output; else one of its exits. */
  readonly isOutput: boolean;
  readonly points: readonly TuningPoint[];
  /** Before training, if that is known. */
  readonly before: number | undefined;
  readonly now: number;
}

interface TuningPoint {
  readonly epoch: number;
  readonly accuracy: number;
}

/** A line of more points looks the same and takes longer. */
const mostPoints = 200;

/** One curve an output, the network's own last; none before the first epoch is known. */
export function tuningCurves(epochs: readonly TunedEpoch[]): TuningCurve[] {
  const shown = thinned(epochs);
  const outputs = epochs.at(-1)?.accuracies.length ?? 0;
  return Array.from({ length: outputs }, (_, output) => ({
    isOutput: output === outputs - 1,
    points: shown.map(({ epoch, accuracies }) => ({ epoch, accuracy: accuracies[output] })),
    before: epochs.find(({ epoch }) => epoch === 0)?.accuracies[output],
    now: epochs[epochs.length - 1].accuracies[output],
  }));
}

/** The last epoch that an axis shows: all that are wanted; of many, ten first and twice as many whenever those are full. */
export function shownEpochs(epochs: readonly TunedEpoch[]): number {
  const { epoch, of } = epochs.at(-1) ?? { epoch: 0, of: 1 };
  let shown = 10;
  while (shown < epoch) shown *= 2;
  return Math.min(of, shown);
}

/** Losses of the epochs that trained. */
export function tuningLosses(epochs: readonly TunedEpoch[]): { epoch: number; loss: number }[] {
  return thinned(epochs).flatMap(({ epoch, loss }) => (loss === undefined ? [] : [{ epoch, loss }]));
}

/** So many at most, the first and the last among them. */
function thinned(epochs: readonly TunedEpoch[]): readonly TunedEpoch[] {
  if (epochs.length <= mostPoints) return epochs;
  const step = (epochs.length - 1) / (mostPoints - 1);
  return Array.from({ length: mostPoints }, (_, index) => epochs[Math.round(index * step)]);
}

/** What an axis of values shows: all of them and a little air, no less than `least` and nothing outside 0 to `most`. */
export function curveDomain(values: readonly number[], least: number, most = Infinity): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = Math.max(0.06 * (high - low), (least - (high - low)) / 2);
  return [Math.max(0, low - air), Math.min(most, high + air)];
}

/**
 * Where labels stand that would cover each other, each as near to its own place as there is room.
 * @param tops where they want to stand, px, in any order
 * @param height of a label, px
 * @param bottom the lowest place, px; they stay below 0 only where there is no room for all
 */
export function spreadLabels(tops: readonly number[], height: number, bottom: number): number[] {
  const order = tops.map((_, index) => index).sort((a, b) => tops[a] - tops[b]);
  const places = [...tops];
  let next = 0;
  for (const index of order) {
    places[index] = Math.max(places[index], next);
    next = places[index] + height;
  }
  let room = bottom;
  for (const index of order.reverse()) {
    places[index] = Math.min(places[index], room);
    room = places[index] - height;
  }
  return places;
}
