import { AppError } from "../../shared/base/errors.ts";
import { chosenProfile, type Profile } from "../../shared/model/profile.ts";
import { type Project, readProfile } from "../engine/index.ts";

/**
 * The profile in a file, or the project's own: what was chosen in the app, else what it was searched with.
 * @throws AppError 'usage' if there is neither, 'file-not-found', 'file-invalid'
 */
export async function chooseProfile(
  { profiles, design, front }: Pick<Project, "profiles" | "design" | "front">,
  profilePath: string | undefined,
  projectPath: string,
): Promise<Profile> {
  if (profilePath !== undefined) return readProfile(profilePath);
  const own = chosenProfile(profiles, design?.target ?? front?.profile);
  if (own) return own;
  throw new AppError(
    "usage",
    `${projectPath} holds no profile; make one with \`offramp profile\` and give --profile`,
  );
}
