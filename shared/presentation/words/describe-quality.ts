import { formatFactor, formatMs } from "../../base/format-number.ts";
import type { PredictedInterval } from "../../evaluate/predicted-interval.ts";
import type { ProfileQuality } from "../../model/profile.ts";

/** How far a profile can be trusted and why not further: `fair: other work took 30 % of the processor`. */
export function describeQuality(quality: ProfileQuality | undefined): string {
  if (!quality) return "not known: the profile says nothing of how it was measured";
  const { trust, reasons } = quality;
  return reasons.length > 0 ? `${trust}: ${reasons.join("; ")}` : trust;
}

/** A line of the terminal has room for so many. */
const namedReasons = 2;

/** What a person should know before anything is chosen by a poor profile, the weightiest reasons among it. */
export function poorProfileText({ reasons }: ProfileQuality): string {
  const why = reasons.length > 0 ? ` (${reasons.slice(0, namedReasons).join("; ")})` : "";
  return `The profile is poor${why}, so latencies and speed-ups may be far off. Profile again when nothing else runs, or with offramp profile --until good.`;
}

/** Where a plan's predicted mean and speed-up lie, a sentence. */
export function describePrediction({ meanMs, speedup }: PredictedInterval): string {
  const [low, high] = meanMs.map(formatMs);
  const [least, most] = speedup.map(formatFactor);
  return `By the profile's own intervals (95 %) the plan's mean latency lies between ${low} and ${high}, and it is ${least} to ${most} as fast as the backbone.`;
}
