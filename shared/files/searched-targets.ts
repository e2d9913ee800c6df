import type { Design, SecondTarget } from "../model/design.ts";
import type { Link } from "../model/link.ts";
import { serverBackboneMs } from "../offload/cut-space.ts";
import { makeOffload } from "../offload/make-offload.ts";
import type { FrontFile } from "./front-file.ts";
import type { ProjectView } from "./project-view.ts";

/**
 * What a front was searched for, as seen from the targets that are chosen: just these, another device, another server or
 * link, or the device alone where a server is chosen.
 */
export type SearchedTargets = "these" | "other device" | "other server" | "device alone";

type Targets = Pick<Design, "target" | "offload">;
type Project = Pick<ProjectView, "backbone" | "profiles">;

/** Where a front is of two targets and one is chosen, its part for the device alone is meant, see `deviceFront`. */
export function searchedTargets(
  front: FrontFile,
  project: Project,
  { target, offload }: Targets,
): SearchedTargets {
  if (front.backbone.latencyMs !== project.profiles[target]?.backbone.meanMs) return "other device";
  if (!offload) return "these";
  if (!front.offload) return "device alone";
  return isSearched(front.offload, project, offload) ? "these" : "other server";
}

/** Whether a search was asked for on the chosen targets, or on the device of them alone. */
export function isOnTargets(
  request: { readonly target: number; readonly offload?: SecondTarget },
  { target, offload }: Targets,
): boolean {
  if (request.target !== target) return false;
  const second = request.offload;
  return !second || (second.server === offload?.server && isSameLink(second.link, offload.link));
}

/** The second target that a front was searched for, if it was and the server's profile is still there. */
export function searchedSecondTarget({ offload }: FrontFile, project: Project): SecondTarget | undefined {
  if (!offload) return undefined;
  const { link } = offload;
  const server = project.profiles.findIndex((_, index) =>
    isSearched(offload, project, { server: index, link }),
  );
  return server < 0 ? undefined : { server, link };
}

/** Files don't name a profile, but keep a latency of it. */
function isSearched(
  { link: searched, backboneMs }: NonNullable<FrontFile["offload"]>,
  { backbone, profiles }: Project,
  { server, link }: SecondTarget,
): boolean {
  const profile = profiles[server];
  return (
    profile !== undefined &&
    isSameLink(link, searched) &&
    serverBackboneMs(makeOffload(backbone, profile, link)) === backboneMs
  );
}

function isSameLink(one: Link, other: Link): boolean {
  return one.latencyMs === other.latencyMs && one.bandwidthMbps === other.bandwidthMbps;
}
