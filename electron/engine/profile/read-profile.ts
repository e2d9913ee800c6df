import { readFile } from "node:fs/promises";
import { AppError } from "../../../shared/base/errors.ts";
import { unreadReason } from "../../../shared/files/unread-file.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { parseProfile } from "./identified-profile.ts";

/**
 * Reads a `profile.json`.
 * @throws AppError 'file-not-found', 'file-invalid'
 */
export async function readProfile(path: string): Promise<Profile> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new AppError("file-not-found", `${path}: can't be read`, { missing: "profile" });
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
    return parseProfile(content);
  } catch (cause) {
    const reason = unreadReason("profile", 2, content);
    throw new AppError("file-invalid", `${path} ${reason}`, { missing: "profile" }, { cause });
  }
}
