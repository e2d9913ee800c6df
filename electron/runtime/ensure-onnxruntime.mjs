// What the C++ runner is built with in tests: node ensure-onnxruntime.mjs installs a compiler and CMake where root may, and
// fetches the headers of ONNX Runtime, Debian's, into the user's cache; it says what is missing where it can't, without failing.
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder, projectRoot } from "./electron-folder.mjs";
import { apt, findOrInstall } from "./system-packages.mjs";

/** The first Debian that has the headers, which need nothing of it: a library of a later version serves an older one's programs. */
const suite = "trixie";
const headersPackage = "libonnxruntime-dev";
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * @typedef {object} OnnxruntimeKit
 * @property {string} include the folder of the headers
 * @property {string} library onnxruntime-node's own, which comes without headers
 */

const headerName = "onnxruntime_cxx_api.h";

function cachedHeaders() {
  return join(cacheFolder(), "onnxruntime-headers");
}

/** @returns {string | undefined} the folder of the headers: one that a person names, the one that was fetched, the system's */
function findHeaders() {
  const folders = [process.env.OFFRAMP_TEST_ONNXRUNTIME, cachedHeaders(), "/usr/include/onnxruntime"];
  return folders.find((folder) => folder && existsSync(join(folder, headerName)));
}

function findLibrary() {
  const bin = join(projectRoot, "node_modules", "onnxruntime-node", "bin");
  if (!existsSync(bin)) return undefined;
  return readdirSync(bin)
    .map((version) => join(bin, version, process.platform, process.arch, "libonnxruntime.so.1"))
    .find((path) => existsSync(path));
}

/** @returns {string | undefined} CMake, if there is a compiler too */
function findTools() {
  const areThere = ["c++", "cmake"].every((program) => spawnSync(program, ["--version"]).status === 0);
  return areThere ? "cmake" : undefined;
}

/** @returns {OnnxruntimeKit | undefined} nothing where something is missing */
export function findOnnxruntime() {
  const [tools, include, library] = [findTools(), findHeaders(), findLibrary()];
  return tools && include && library ? { include, library } : undefined;
}

/**
 * The same, after what is missing was installed or fetched, where this process may.
 * @param {(text: string) => void} [say] told before something is installed, and why it isn't
 * @param {string} [release] what says which Debian this is
 * @returns {OnnxruntimeKit | undefined}
 */
export function ensureOnnxruntime(say = console.error, release = "/etc/os-release") {
  const missing = ["a C++ compiler and CMake"];
  findOrInstall(findTools, { user: "The C++ runner", missing, wanted: ["g++", "cmake", "make"] }, say);
  if (!findHeaders()) {
    try {
      fetchHeaders(cachedHeaders(), debianMirror(release));
    } catch (error) {
      say(`ONNX Runtime's headers weren't fetched: ${/** @type {Error} */ (error).message}`);
    }
  }
  return findOnnxruntime();
}

/**
 * Takes them out of Debian's package, without installing it.
 * @param {string} folder where they shall lie
 * @param {string} mirror
 * @throws {Error} if the package can't be had
 */
function fetchHeaders(folder, mirror) {
  mkdirSync(dirname(folder), { recursive: true });
  const work = mkdtempSync(`${folder}.partial-`);
  try {
    const configuration = aptWithin(work, mirror);
    apt(["-c", configuration, "update"]);
    apt(["-c", configuration, "download", headersPackage], work);
    const file = readdirSync(work).find((name) => name.endsWith(".deb"));
    execFileSync("dpkg-deb", ["-x", join(work, String(file)), join(work, "tree")]);
    renameSync(join(work, "tree", "usr", "include", "onnxruntime"), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Where this machine gets its own Debian from.
 * @param {string} release
 * @throws {Error} if it is none
 */
function debianMirror(release) {
  const told = existsSync(release) ? readFileSync(release, "utf8") : "";
  const [, codename] = /^VERSION_CODENAME=(\w+)$/m.exec(told) ?? [];
  if (!/^ID=debian$/m.test(told) || !codename) throw new Error("this is no Debian");
  const fields = "$(RELEASE) $(COMPONENT) $(REPO_URI)";
  const targets = execFileSync("apt-get", ["indextargets", "--format", fields], { encoding: "utf8" });
  const own = targets.split("\n").find((line) => line.startsWith(`${codename} main `));
  if (!own) throw new Error(`apt-get knows no mirror of ${codename}`);
  return own.split(" ")[2];
}

/**
 * A configuration by which apt reads and writes nothing of the system's but its keys.
 * @param {string} work
 * @param {string} mirror
 * @returns {string} its file
 */
function aptWithin(work, mirror) {
  for (const folder of ["lists", "cache"]) mkdirSync(join(work, folder, "partial"), { recursive: true });
  writeFileSync(join(work, "sources.list"), `deb [signed-by=${keyring}] ${mirror} ${suite} main\n`);
  const settings = {
    "Dir::Etc::SourceList": join(work, "sources.list"),
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::State::Lists": join(work, "lists"),
    "Dir::Cache": join(work, "cache"),
    "APT::Sandbox::User": "root",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`);
  writeFileSync(join(work, "apt.conf"), lines.join(""));
  return join(work, "apt.conf");
}

if (process.argv[1] && fileURLToPath(import.meta.url) === resolve(process.argv[1])) {
  ensureOnnxruntime();
  // The library may come later, by npm.
  const include = findTools() && findHeaders();
  console.error(
    include
      ? `ONNX Runtime's headers: ${include}`
      : "No C++ with ONNX Runtime: tests that build with it are skipped.",
  );
}
