import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

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
