import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "../../../shared/base/errors.ts";

/** The project's root, found from wherever this code runs: the sources, a bundle or one of its chunks. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** A file that ships with the project under `assets/`. */
export function assetPath(...parts: string[]): string {
  return join(packageRoot(), "assets", ...parts);
}

/** What runs in a process or thread of its own, by the names of its entries in build.mjs. */
export type Role = "model-probe-child" | "job-child" | "probe-guard" | "search-worker";

/** Before a role's name where one file plays them all. */
export const rolePrefix = "--role=";

let singleFile: string | undefined;

/** From now on children and threads are this one file, told their role by its first argument. */
export function playAllRoles(file: string): void {
  singleFile = file;
}

/**
 * What plain Node is started with to play a role: a file, and arguments before the role's own.
 * @throws AppError 'internal' if it isn't built
 */
export function childEntry(role: Role): readonly [file: string, ...args: string[]] {
  if (singleFile !== undefined) return [singleFile, rolePrefix + role];
  const entry = join(packageRoot(), "dist", "engine", `${role}.js`);
  if (!existsSync(entry)) throw new AppError("internal", `${entry} is missing; run \`npm run build\``);
  return [entry];
}

/**
 * A built thread, as text: it may lie in a packaged app's archive, which threads can't open files of.
 * @throws AppError 'internal' if it isn't built
 */
export function threadCode(role: Role): string {
  if (singleFile !== undefined)
    return `process.argv.splice(2, 0, ${JSON.stringify(rolePrefix + role)}); require(${JSON.stringify(singleFile)});`;
  const path = join(packageRoot(), "dist", "engine", `${role}.cjs`);
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new AppError("internal", `${path} can't be read; run \`npm run build\``, {}, { cause });
  }
}
