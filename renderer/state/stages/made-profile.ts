import { samePlainData } from "../../../shared/base/plain-data.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";

/** Index of the profile that wasn't there before; -1 if none is new. */
export function newProfile(before: readonly Profile[], after: readonly Profile[]): number {
  return after.findLastIndex((profile) => !before.some((other) => samePlainData(other, profile)));
}

/** Index of the profile that a measurement has made: the new one, or if none is, the one with these options. */
export function madeProfile(
  before: readonly Profile[],
  after: readonly Profile[],
  { provider, threads }: TargetOptions,
): number {
  const made = newProfile(before, after);
  if (made >= 0) return made;
  const sameTarget = after.findLastIndex(
    ({ target }) => target.provider === provider && target.threads === threads,
  );
  return Math.max(0, sameTarget);
}
