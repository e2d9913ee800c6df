import { type ExitOutputs, neverReached } from "./exit-outputs.ts";
import { fitScores, type ScoreModel, scoredColumns } from "./learned-scores.ts";
import type { MemoryPolicy } from "./memory-policy.ts";

/** How a scheduler weighs an exit's chance to be right against what it costs. */
export interface SchedulerTaste {
  /** The exponent of scores: the higher, the more a better exit is preferred. */
  readonly sharpness: number;
  /** What the dearest output costs, as logarithm of the preference that it has to make up for; it stands for the budget. */
  readonly price: number;
}

/** A scheduler as it decides: scores, and the threshold of each exit. */
export interface Scheduler {
  readonly policy: MemoryPolicy;
  readonly thresholds: readonly number[];
}

/** How often scores and shares are fitted to each other. */
const rounds = 2;

/**
 * A scheduler of EENet's form (Ilhan et al. 2023, arXiv 2301.07099): scores say how likely each exit is right, every sample is
 * shared out over the exits, and an exit's threshold lets as many of the samples that come to it leave as its share says. Scores
 * are fitted to samples as far as they are an exit's share. EENet trains a network towards shares that follow the scores and keep
 * the mean cost at the budget; what it is trained towards is known, and taken here: a share goes by the score to some
 * power and falls exponentially with the cost, which is as near to the scores' shares as that budget allows (in the Kullback-Leibler sense).
 * @param outputs of the samples that plans are chosen on
 * @param costs of a sample that leaves at each output, rising
 */
export function fitScheduler(
  outputs: ExitOutputs,
  costs: readonly number[],
  taste: SchedulerTaste,
): Scheduler {
  let model = fitScores(outputs);
  for (let round = 0; round < rounds; round++)
    model = fitScores(outputs, shareOut(scoresOf(model, outputs), costs, taste));
  const scores = scoresOf(model, outputs);
  return {
    policy: { columns: (seen) => scoredColumns(model, seen) },
    thresholds: thresholdsOfShares(scores, shareOut(scores, costs, taste).map(meanOf)),
  };
}

function scoresOf(model: ScoreModel, outputs: ExitOutputs): Float32Array[] {
  return scoredColumns(model, outputs).map(({ confidence }) => confidence);
}

/**
 * How much of each sample is an output's [outputs][samples]; the shares of a sample sum to 1.
 * @param scores [outputs][samples], 0 to 1
 */
export function shareOut(
  scores: readonly Float32Array[],
  costs: readonly number[],
  { sharpness, price }: SchedulerTaste,
): Float64Array[] {
  const dearest = costs[costs.length - 1];
  const preferences = scores.map((own, row) =>
    Float64Array.from(own, (score) => score ** sharpness * Math.exp((-price * costs[row]) / dearest)),
  );
  const sums = preferences[0].map((_, sample) => preferences.reduce((sum, own) => sum + own[sample], 0));
  return preferences.map((own) => own.map((preference, sample) => preference / sums[sample]));
}

/**
 * Per exit the threshold at which its share of all samples leaves, of those that no earlier exit took.
 * @param shares per output, the end's last; the end takes what is left
 */
export function thresholdsOfShares(scores: readonly Float32Array[], shares: readonly number[]): number[] {
  let remaining = Array.from(scores[0].keys());
  return shares.slice(0, -1).map((share, exit) => {
    const leaving = Math.min(remaining.length, Math.floor(share * scores[0].length));
    if (leaving === 0) return neverReached;
    const falling = remaining.toSorted((one, other) => scores[exit][other] - scores[exit][one]);
    const threshold = scores[exit][falling[leaving - 1]];
    remaining = remaining.filter((sample) => scores[exit][sample] < threshold);
    return threshold;
  });
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
