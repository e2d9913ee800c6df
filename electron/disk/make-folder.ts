import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those above it that are missing. Node's own `mkdir` with `recursive` tries for ever where the
 * system answers ENOENT, as below /proc.
 * @returns the topmost folder that had to be made, if any
 */
export async function makeFolder(folder: string): Promise<string | undefined> {
  const missing: string[] = [];
  for (let path = resolve(folder); !(await isFolder(path)); path = dirname(path)) missing.unshift(path);
  let made: string | undefined;
  for (const path of missing) {
    const isOurs = await mkdir(path).then(
      () => true,
      async (cause) => {
        // Another process may have been faster.
        if (await isFolder(path)) return false;
        throw cause;
      },
    );
    if (isOurs) made ??= path;
  }
  return made;
}

async function isFolder(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info?.isDirectory() ?? false;
}
