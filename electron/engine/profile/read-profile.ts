import { readFile } from "node:fs/promises";
import { AppError } from "../../../shared/base/errors.ts";
import { type Profile, profileSchema } from "../../../shared/model/profile.ts";

/**
 * Reads a `profile.json`.
 * @throws AppError 'file-not-found', 'file-invalid'
 */
export async function readProfile(path: string): Promise<Profile> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new AppError("file-not-found", `${path}: can't be read`, { missing: "profile" });
  });
  try {
    return profileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError(
      "file-invalid",
      `${path} is no profile of version 1`,
      { missing: "profile" },
      { cause },
    );
  }
}
