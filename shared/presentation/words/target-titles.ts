import { shortenMiddle } from "../../base/plain-text.ts";
import type { Profile } from "../../model/profile.ts";
import { describeTarget } from "./describe-target.ts";
import { distinctNames } from "./short-names.ts";

/** What people read of a project's targets: no two are called the same. */
export interface TargetTitles {
  /** For sentences and lists. @param profile its id */
  whole(profile: string): string;
  /** Where there is little room: what tells it apart comes first and is never cut. */
  short(profile: string): string;
}

const longestDevice = 20;

/**
 * By the names that a person gave; else by device, provider and threads, and where all targets are of one device, the short
 * ones by provider and threads alone.
 * @param names of targets by the ids of their profiles
 */
export function targetTitles(
  profiles: readonly Pick<Profile, "id" | "target">[],
  names: Readonly<Record<string, string>> = {},
): TargetTitles {
  const isOneDevice = profiles.length > 1 && new Set(profiles.map(({ target }) => target.device)).size === 1;
  const whole = distinctNames(profiles.map(({ id, target }) => names[id] ?? describeTarget(target)));
  const short = distinctNames(
    profiles.map(({ id, target }) => {
      const { device, provider, threads } = target;
      if (names[id] !== undefined) return names[id];
      const named = describeTarget({ device: shortenMiddle(device, longestDevice), provider, threads });
      return isOneDevice ? named.slice(named.lastIndexOf(" · ") + 3) : named;
    }),
  );
  const pick = (titles: readonly string[], profile: string) =>
    titles[profiles.findIndex(({ id }) => id === profile)] ?? "a target that is gone";
  return { whole: (profile) => pick(whole, profile), short: (profile) => pick(short, profile) };
}
