import { AppError } from "../../../shared/base/errors.ts";
import type { BackboneSummary } from "../../../shared/model/backbone.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { identifiedProfile } from "./identified-profile.ts";

/**
 * The profile as one of this model. One of version 1, which names the model's file, names its graph from here on, so it
 * holds for the same graph with other weights too.
 * @throws AppError 'file-invalid' if it was made for another graph
 */
export function profileOfModel(
  { name, graphSha256, fileSha256 }: Pick<BackboneSummary, "name" | "graphSha256" | "fileSha256">,
  profile: Profile,
): Profile {
  if (profile.graphSha256 === graphSha256) return profile;
  if (profile.graphSha256 === fileSha256) return identifiedProfile({ ...profile, graphSha256 });
  const short = (sha256: string) => `graph ${sha256.slice(0, 8)}…`;
  throw new AppError(
    "file-invalid",
    `the profile was made for another model (${short(profile.graphSha256)}) than ${name} (${short(graphSha256)})`,
    { missing: "profile" },
  );
}
