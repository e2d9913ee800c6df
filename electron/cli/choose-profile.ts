import { AppError } from "../../shared/base/errors.ts";
import type { Profile } from "../../shared/model/profile.ts";
import { type Project, readProfile } from "../engine/index.ts";

/**
 * The profile in a file, or the project's own first one.
 * @throws AppError 'usage' if there is neither, 'file-not-found', 'file-invalid'
 */
export async function chooseProfile(
  { profiles }: Pick<Project, "profiles">,
  profilePath: string | undefined,
  projectPath: string,
): Promise<Profile> {
  if (profilePath !== undefined) return readProfile(profilePath);
  if (profiles.length > 0) return profiles[0];
  throw new AppError(
    "usage",
    `${projectPath} holds no profile; make one with \`offramp profile\` and give --profile`,
  );
}
