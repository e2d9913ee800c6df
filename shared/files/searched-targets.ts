import type { Design, SecondTarget } from "../model/design.ts";
import type { Link } from "../model/link.ts";
import { chosenProfile } from "../model/profile.ts";
import type { FrontFile } from "./front-file.ts";
import type { ProjectView } from "./project-view.ts";

/**
 * What a front was searched for, as seen from the targets that are chosen: just these, another device, another server or
 * link, the device alone where a server is chosen, or an older measurement of one of them.
 */
export type SearchedTargets =
  | "these"
  | "other device"
  | "other server"
  | "device alone"
  | "older measurement";

type Targets = Pick<Design, "target" | "offload">;
type Project = Pick<ProjectView, "profiles">;

/** Where a front is of two targets and one is chosen, its part for the device alone is meant, see `deviceFront`. */
export function searchedTargets(
  front: FrontFile,
  { profiles }: Project,
  { target, offload }: Targets,
): SearchedTargets {
  const isGone = (id: string) => !profiles.some((profile) => profile.id === id);
  if (isGone(front.profile)) return "older measurement";
  if (front.profile !== chosenProfile(profiles, target)?.id) return "other device";
  if (!offload) return "these";
  if (!front.offload) return "device alone";
  if (isGone(front.offload.profile)) return "older measurement";
  const isSearched = front.offload.profile === offload.server && isSameLink(front.offload.link, offload.link);
  return isSearched ? "these" : "other server";
}

/** Whether a search was asked for on the chosen targets, or on the device of them alone. */
export function isOnTargets(
  request: { readonly target: string; readonly offload?: SecondTarget },
  { profiles }: Project,
  { target, offload }: Targets,
): boolean {
  if (request.target !== chosenProfile(profiles, target)?.id) return false;
  const second = request.offload;
  return !second || (second.server === offload?.server && isSameLink(second.link, offload.link));
}

/** The second target that a front was searched for, if it was and the server's profile is still there. */
export function searchedSecondTarget(
  { offload }: FrontFile,
  { profiles }: Project,
): SecondTarget | undefined {
  if (!offload || !profiles.some(({ id }) => id === offload.profile)) return undefined;
  return { server: offload.profile, link: offload.link };
}

function isSameLink(one: Link, other: Link): boolean {
  return one.latencyMs === other.latencyMs && one.bandwidthMbps === other.bandwidthMbps;
}
