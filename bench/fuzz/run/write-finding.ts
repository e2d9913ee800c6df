import { cp, lstat, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CaseName, CaseOutcome } from "./case-protocol.ts";

export function nameText(name: CaseName): string {
  return "known" in name ? `known-${name.known}` : `seed-${name.seed}-case-${name.number}`;
}

/** How a case is run again. */
export function againText(name: CaseName): string {
  const which = "known" in name ? `--known ${name.known}` : `--seed ${name.seed} --case ${name.number}`;
  return `npm run fuzz -- ${which}`;
}

/**
 * Keeps a case with what came of it.
 * @param folder holds the case's files
 * @returns where it is now
 */
export async function writeFinding(
  keep: string,
  name: CaseName,
  outcome: CaseOutcome,
  folder: string,
): Promise<string> {
  const place = join(keep, nameText(name));
  await mkdir(place, { recursive: true });
  const isPlain = async (source: string) => {
    const status = await lstat(source);
    return status.isDirectory() || status.isFile() || status.isSymbolicLink();
  };
  await cp(folder, join(place, "input"), {
    recursive: true,
    filter: isPlain,
    verbatimSymlinks: true,
    force: true,
  });
  const text = JSON.stringify({ ...name, again: againText(name), ...outcome }, null, 2);
  await writeFile(join(place, "finding.json"), `${text}\n`);
  return place;
}
