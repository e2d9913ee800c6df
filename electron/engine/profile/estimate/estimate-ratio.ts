import type { Random } from "../../../../shared/base/random.ts";
import { rules } from "../measurement-rules.ts";
import type { Estimate } from "./fit-latencies.ts";
import { lowMean, sortTimes } from "./low-mean.ts";
import { paceOf } from "./pace.ts";
import { halfWidthOf, resampleRounds } from "./resample-rounds.ts";
import type { Timing } from "./timing.ts";

/**
 * What one network takes of another's time, both timed in the same rounds.
 * @param rounds that were made
 */
export function estimateRatio(
  own: readonly Timing[],
  reference: readonly Timing[],
  rounds: number,
  random: Random,
  lowShare: number = rules.lowShare,
): Estimate {
  const pace = paceOf([own, reference]);
  const [numerator, denominator] = [own, reference].map((timings) => sortTimes(timings, pace.at));
  const ratioOf = (counts?: ArrayLike<number>) => {
    const [above, below] = [numerator, denominator].map((times) => lowMean(times, counts, lowShare));
    return above !== undefined && below ? above / below : undefined;
  };
  const ratio = ratioOf() ?? 0;
  const resampled = Array.from(
    { length: rules.resamples },
    () => ratioOf(resampleRounds(rounds, random)) ?? ratio,
  );
  return { ratio, halfWidth: halfWidthOf(resampled, rounds) };
}
