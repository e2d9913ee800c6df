import { formatCount, formatSeconds } from "../../base/format-number.ts";
import type { Economy, TimeBudgetReport } from "../../model/time-budget.ts";

/** Each as "600 of 2 000 train images". */
const words: Readonly<Record<Economy, (took: number, wanted: number) => string>> = {
  "check images": of("images for the check of the backbone"),
  "train images": of("train images"),
  "calibration images": of("calibration images"),
  "test images": of("test images"),
  "cut points": (took, wanted) => `heads at ${took} of ${wanted} cut points, spread evenly by MACs`,
  "head kinds": (took, wanted) => `the first ${took} of ${wanted} kinds of heads`,
  epochs: of("epochs at most"),
  "profile seconds": (took, wanted) =>
    `${formatSeconds(took)} instead of ${formatSeconds(wanted)} for the profile`,
  "corrupted images": (took, wanted) =>
    took === 0 ? "no corrupted images" : of("corrupted test images")(took, wanted),
  "verified samples": of("test images verified"),
};

function of(what: string) {
  return (took: number, wanted: number) => `${formatCount(took)} of ${formatCount(wanted)} ${what}`;
}

/** What a run with a limited time settled for, in a sentence. */
export function describeTimeBudget({ seconds, used, settled }: TimeBudgetReport): string {
  const took = formatSeconds(used);
  const kept =
    used > seconds
      ? `The run took ${took} of the ${formatSeconds(seconds)} that it was given`
      : `The run kept to its ${formatSeconds(seconds)} (${took})`;
  if (settled.length === 0) return `${kept}, and did all that it does without a limit.`;
  return `${kept} and settled for ${settled.map(({ what, took, wanted }) => words[what](took, wanted)).join("; ")}.`;
}
