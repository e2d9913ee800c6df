import { AppError } from "../../../shared/base/errors.ts";
import { unreadReason } from "../../../shared/files/unread-file.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { readRegularFile } from "../../disk/regular-file.ts";
import { parseProfile } from "./identified-profile.ts";

/** A profile of hundreds of exits takes less than a megabyte. */
const LONGEST_PROFILE = 64 * 2 ** 20;

/**
 * Reads a `profile.json`.
 * @throws AppError 'file-not-found', 'file-unreadable', 'file-invalid'
 */
export async function readProfile(path: string): Promise<Profile> {
  const bytes = await readRegularFile(path, { maxBytes: LONGEST_PROFILE }).catch((cause: AppError) => {
    throw new AppError(cause.code, cause.message, { missing: "profile" }, { cause });
  });
  let content: unknown;
  try {
    content = JSON.parse(String(bytes));
    return parseProfile(content);
  } catch (cause) {
    const reason = unreadReason("profile", 2, content);
    throw new AppError("file-invalid", `${path} ${reason}`, { missing: "profile" }, { cause });
  }
}
