import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** Of each file that people see in a folder of results: which file it is, and what it holds. */
export type Snapshot = ReadonlyMap<string, { readonly inode: number; readonly sha256: string }>;

/** @returns nothing if the folder isn't there */
export async function snapshot(folder: string): Promise<Snapshot> {
  const found = new Map<string, { inode: number; sha256: string }>();
  for (const name of await visibleFiles(folder)) {
    const path = join(folder, name);
    const bytes = await readFile(path);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    found.set(name, { inode: (await stat(path)).ino, sha256 });
  }
  return found;
}

/** Through links, which results may be; without what begins with a dot. */
async function visibleFiles(folder: string, below = ""): Promise<string[]> {
  const names = await readdir(join(folder, below)).catch(() => []);
  const found: string[] = [];
  for (const name of names.filter((each) => !each.startsWith(".") && !each.endsWith(".draft"))) {
    const path = join(below, name);
    const status = await stat(join(folder, path)).catch(() => undefined);
    if (status?.isDirectory()) found.push(...(await visibleFiles(folder, path)));
    else if (status) found.push(path);
  }
  return found;
}

/**
 * What a folder of results holds after a job was killed.
 * @param old before the job began
 * @param names of a finished job's files
 * @returns what is wrong, if it is neither all old nor all new
 */
export function mixture(now: Snapshot, old: Snapshot, names: readonly string[]): string | undefined {
  const isOld =
    now.size === old.size && [...now].every(([name, { sha256 }]) => old.get(name)?.sha256 === sha256);
  if (isOld) return undefined;
  const kept = [...now].flatMap(([name, { inode }]) => (old.get(name)?.inode === inode ? [name] : []));
  if (kept.length > 0) return `${kept.join(", ")} are old, the others new`;
  const missing = names.filter((name) => !now.has(name));
  return missing.length > 0 ? `${missing.join(", ")} are missing` : undefined;
}
