import { randomBytes } from "node:crypto";
import { lstatSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isAbandoned, makerName } from "./maker.ts";

/** Where a file or folder is made before it takes its place: beside it, under a name that says who makes it. */
export function draftOf(path: string): string {
  return `${path}.${makerName()}.${randomBytes(4).toString("hex")}.draft`;
}

/** What `draftOf` puts behind a name; a person's own file that ends in `.draft` is none of ours. */
const draftEnd = /^\.\d+-[0-9a-z]+-[0-9a-f]{6}\.[0-9a-f]{8}\.draft$/;

/** Removes the drafts of a file or folder whose makers are gone. */
export function sweepDrafts(path: string): void {
  const start = basename(path);
  sweepFolder(dirname(path), (name) => name.startsWith(start) && draftEnd.test(name.slice(start.length)));
}

/**
 * Removes what the processes that made it have left behind. What can't be looked at or removed stays: it is somebody
 * else's, or gone already.
 * @param isOurs whether a name is one that Offramp gives
 */
export function sweepFolder(folder: string, isOurs: (name: string) => boolean): void {
  for (const name of namesIn(folder)) {
    if (!isOurs(name)) continue;
    const path = join(folder, name);
    try {
      if (isAbandoned(name, lstatSync(path).mtimeMs)) rmSync(path, { recursive: true, force: true });
    } catch {}
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
