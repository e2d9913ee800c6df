// What a packaged app consists of, and what each part takes.
import { lstatSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { listPackage, statFile } from "@electron/asar";

/** How many parts are listed on their own. */
const listedParts = 12;

/**
 * @typedef {object} PackageContents
 * @property {number} bytes of everything
 * @property {number} electronBytes of Electron: all that the app doesn't bring
 * @property {Part[]} parts of the app, the largest first
 */

/**
 * @typedef {object} Part
 * @property {string} name a package's folder, or another one of two names, such as dist/engine
 * @property {number} bytes
 */

/**
 * Goes through the folder of a packaged app, its archive included; links don't count.
 * @param {string} folder
 * @returns {PackageContents}
 */
export function packageContents(folder) {
  /** @type {Map<string, number>} */
  const parts = new Map();
  const add = (/** @type {string} */ name, /** @type {number} */ bytes) =>
    parts.set(name, (parts.get(name) ?? 0) + bytes);
  let [bytes, electronBytes] = [0, 0];
  for (const [path, size] of filesIn(folder)) {
    bytes += size;
    const [, unpacked] = /[\\/]app\.asar\.unpacked[\\/](.+)$/.exec(path) ?? [];
    if (unpacked) add(partOf(unpacked), size);
    else if (basename(path) === "app.asar") {
      const packed = packedFiles(path);
      for (const [name, packedBytes] of packed) add(partOf(name), packedBytes);
      add("index of the archive", size - packed.reduce((sum, [, packedBytes]) => sum + packedBytes, 0));
    } else electronBytes += size;
  }
  const inOrder = [...parts].map(([name, partBytes]) => ({ name, bytes: partBytes }));
  return { bytes, electronBytes, parts: inOrder.sort((a, b) => b.bytes - a.bytes) };
}

/**
 * @param {PackageContents} contents
 * @returns {string} a line of megabytes for each of the largest parts, and one for the others
 */
export function describeContents({ bytes, electronBytes, parts }) {
  const [large, small] = [parts.slice(0, listedParts), parts.slice(listedParts)];
  const others = { name: `${small.length} others`, bytes: small.reduce((sum, part) => sum + part.bytes, 0) };
  const lines = [
    { name: "in all", bytes },
    { name: "Electron", bytes: electronBytes },
    ...large,
    ...(small.length > 0 ? [others] : []),
  ];
  return lines.map((line) => `${megabytes(line.bytes).padStart(8)} MB  ${line.name}`).join("\n");
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

/**
 * @param {string} folder
 * @returns {[path: string, bytes: number][]}
 */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((name) => {
    const path = join(folder, name);
    const entry = lstatSync(path);
    return entry.isFile() ? [[path, entry.size]] : [];
  });
}

/**
 * The files that lie in an archive itself, not beside it.
 * @param {string} archive
 * @returns {[path: string, bytes: number][]}
 */
function packedFiles(archive) {
  return listPackage(archive, { isPack: false }).flatMap((listed) => {
    const name = listed.slice(1); // of the separator that it starts with
    const entry = statFile(archive, name, false);
    return "size" in entry && !entry.unpacked ? [[name, entry.size]] : [];
  });
}

/** @param {string} path in the app */
function partOf(path) {
  const names = path.split(/[\\/]/);
  return names.slice(0, names[0] === "node_modules" && names[1].startsWith("@") ? 3 : 2).join("/");
}
