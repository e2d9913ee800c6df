import type { DataView as InspectedData } from "../../../shared/ipc/images.ts";
import { fewestChecked } from "../../../shared/model/backbone-check.ts";

export type AccuracyVerdict = "chance" | "doubtful" | "sound";

/** Below this the preprocessing deserves a second look; trained networks mostly do better. */
const doubtfulAccuracy = 0.5;

/**
 * Whether the backbone's accuracy on some images suggests that they are preprocessed as in its training.
 * @returns `chance` if it is within three standard errors of guessing among the classes; `sound` for too few images to tell
 */
export function judgeAccuracy(accuracy: number, samples: number, classes: number): AccuracyVerdict {
  if (samples < fewestChecked) return "sound";
  const chance = 1 / classes;
  const standardError = Math.sqrt((chance * (1 - chance)) / Math.max(1, samples));
  if (accuracy <= chance + 3 * standardError) return "chance";
  return accuracy < doubtfulAccuracy ? "doubtful" : "sound";
}

/** Images per class over all parts that lie on disk, in the order of the classes. */
export function countPerClass({ classNames, parts }: Pick<InspectedData, "classNames" | "parts">): number[] {
  return classNames.map((_, label) => parts.reduce((sum, { perClass }) => sum + (perClass[label] ?? 0), 0));
}

/** Samples of all classes in turn, so that the first few show many classes; each class keeps its order. */
export function interleaveClasses<Sample extends { readonly label: number }>(
  samples: readonly Sample[],
): Sample[] {
  const seen = new Map<number, number>();
  const rounds = samples.map((sample) => {
    const round = seen.get(sample.label) ?? 0;
    seen.set(sample.label, round + 1);
    return { sample, round };
  });
  return rounds
    .sort((a, b) => a.round - b.round || a.sample.label - b.sample.label)
    .map(({ sample }) => sample);
}
