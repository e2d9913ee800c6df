// Where things lie in an Electron distribution, on each platform.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @param {string} folder an Electron distribution, as in node_modules/electron/dist
 * @param {NodeJS.Platform} [platform]
 */
export function executableIn(folder, platform = process.platform) {
  if (platform === "darwin") return join(folder, "Electron.app", "Contents", "MacOS", "Electron");
  return join(folder, platform === "win32" ? "electron.exe" : "electron");
}

/**
 * The folder from which Electron loads default_app.asar or app/.
 * @param {string} folder
 * @param {NodeJS.Platform} [platform]
 */
export function resourcesIn(folder, platform = process.platform) {
  return platform === "darwin"
    ? join(folder, "Electron.app", "Contents", "Resources")
    : join(folder, "resources");
}

/**
 * The Electron version of a distribution, from its file `version`, else from the binary itself.
 * @param {string} folder
 */
export function versionOf(folder) {
  const file = join(folder, "version");
  if (existsSync(file)) return readFileSync(file, "utf8").trim().replace(/^v/, "");
  return execFileSync(executableIn(folder), ["-p", "process.versions.electron"], {
    encoding: "utf8",
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

/** The root of the source tree, which holds package.json and node_modules. */
export const projectRoot = resolve(fileURLToPath(new URL("../..", import.meta.url)));

/** What outlives a checkout: a fetched runtime and notes about it. */
export function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "offramp");
}
