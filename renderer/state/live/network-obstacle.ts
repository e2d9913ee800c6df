import { networkOf, type ProjectView } from "../../../shared/files/project-view.ts";
import { memberProfile, type Profile } from "../../../shared/model/profile.ts";

/** Why plans can't go through a network on a target; undefined if they can. */
export function obstacleToNetwork(
  project: ProjectView,
  profile: Profile | undefined,
  sha256: string,
): string | undefined {
  const network = networkOf(project, sha256);
  if (!network) return undefined;
  const { name } = network.backbone;
  if (project.samples === 0) return `${name} isn't trained yet: train the heads`;
  if (!profile) return "no target is profiled yet";
  if (memberProfile(profile, network.backbone)) return undefined;
  return `the profile of ${profile.target.device} lacks ${name}: profile again to time it`;
}
