import { existsSync, realpathSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import type { Python } from "../../../shared/model/python.ts";
import { askPython } from "./find-python.ts";

/**
 * Looks for a Python that can train where people have it: in the environment that is active, on the path, in the system.
 * @throws AppError 'usage' if none has what training needs, saying what the first one lacks
 */
export async function lookForPython(programs = usualPrograms()): Promise<Python> {
  let lack: unknown = new AppError("usage", "there is no Python on this machine's path", {
    missing: "python",
  });
  for (const [index, path] of programs.entries())
    try {
      return { path, ...(await askPython(path)) };
    } catch (cause) {
      if (index === 0) lack = cause;
    }
  throw lack;
}

/** An app that was started from the desktop has a shorter path than a terminal. */
const systemFolders = ["/usr/local/bin", "/opt/homebrew/bin", "/usr/bin"];

/** The active environment's, then those on the path and of the system, where they are. */
function usualPrograms({ env, platform } = process): string[] {
  const isWindows = platform === "win32";
  const names = isWindows ? ["python.exe"] : ["python3", "python"];
  const environments = [env.VIRTUAL_ENV, env.CONDA_PREFIX].filter((folder) => folder !== undefined);
  const own = environments.flatMap((folder) => [
    join(folder, isWindows ? "Scripts" : "bin"),
    ...(isWindows ? [folder] : []),
  ]);
  const path = (env.PATH ?? "").split(delimiter);
  const folders = [...own, ...path, ...(isWindows ? [] : systemFolders)].filter(isAbsolute).map(realFolder);
  return [...new Set(folders)]
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .filter((program) => existsSync(program));
}

/** /bin is /usr/bin on many a system. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
