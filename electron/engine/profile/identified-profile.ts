import { type Profile, type ProfileContent, profileFileSchema } from "../../../shared/model/profile.ts";
import { hashOf } from "../base/hash.ts";

/**
 * A profile with its id: the SHA-256 of its content as JSON whose keys are sorted, the id itself left out. Equal
 * measurements are one profile, wherever they come from.
 */
export function identifiedProfile({
  id: _id,
  ...content
}: ProfileContent & { readonly id?: string }): Profile {
  return { ...content, id: hashOf(content) };
}

/**
 * Reads what a file of any version holds.
 * @throws ZodError if it is no profile
 */
export function parseProfile(file: unknown): Profile {
  return identifiedProfile(profileFileSchema.parse(file));
}
