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

/**
 * A built thread, as text: it may lie in a packaged app's archive, which threads can't open files of.
 * @param name of its entry in build.mjs
 * @throws AppError 'internal' if it isn't built
 */
export function threadCode(name: string): string {
  const path = join(packageRoot(), "dist", "engine", `${name}.cjs`);
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new AppError("internal", `${path} can't be read; run \`npm run build\``, {}, { cause });
  }
}
