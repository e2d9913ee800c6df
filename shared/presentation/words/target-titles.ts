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

const longestDevice = 18;

/**
 * By the names that a person gave; else by device, provider and threads, and where all targets are of one device, the short
 * ones by provider and threads alone.
 * @param names of targets by the ids of their profiles
 */
export function targetTitles(
  profiles: readonly Pick<Profile, "id" | "target">[],
  names: Readonly<Record<string, string>> = {},
): TargetTitles {
  const deviceName = shortDevices(profiles.map(({ target }) => target.device));
  const isOneDevice = profiles.length > 1 && new Set(profiles.map(({ target }) => target.device)).size === 1;
  const whole = distinctNames(profiles.map(({ id, target }) => names[id] ?? describeTarget(target)));
  const short = distinctNames(
    profiles.map(({ id, target }) => {
      const { device, provider, threads } = target;
      if (names[id] !== undefined) return names[id];
      const named = describeTarget({ device: deviceName(device), provider, threads });
      return isOneDevice ? named.slice(named.lastIndexOf(" · ") + 3) : named;
    }),
  );
  const pick = (titles: readonly string[], profile: string) =>
    titles[profiles.findIndex(({ id }) => id === profile)] ?? "a target that is gone";
  return { whole: (profile) => pick(whole, profile), short: (profile) => pick(short, profile) };
}

/** Devices without what stands behind the first comma, where that tells them apart still: "AMD EPYC" of "AMD EPYC, 2 cores". */
function shortDevices(devices: readonly string[]): (device: string) => string {
  const beginning = (device: string) => device.split(",")[0].trim();
  const all = [...new Set(devices)];
  const differ = new Set(all.map(beginning)).size === all.length;
  return (device) => shortenMiddle(differ ? beginning(device) : device, longestDevice);
}
