// The system libraries that Electron's binary is linked to on Linux, and Xvfb where there is no screen.
import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const electronPackages = [
  "libnss3",
  "libatk1.0-0",
  "libatk-bridge2.0-0",
  "libcups2",
  "libdrm2",
  "libgbm1",
  "libasound2",
  "libgtk-3-0",
  "libxkbcommon0",
  "libxcomposite1",
  "libxdamage1",
  "libxfixes3",
  "libxrandr2",
  "libpango-1.0-0",
  "libcairo2",
];
const displayPackages = ["xvfb", "xauth"];
const fontPackages = ["fonts-dejavu-core"];

/** Whether windows have somewhere to appear. */
export function hasDisplay() {
  return process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * Makes sure that Electron's libraries are there, and Xvfb and a font if windows have no display to appear on. Root on
 * Debian and its relatives gets what is missing installed; others are told what to install.
 * @param {object} options
 * @param {string} options.executable Electron's binary
 * @param {boolean} [options.display] whether Xvfb is needed; by default if there is no display
 * @param {(text: string) => void} [options.say] told before something is installed
 * @returns {string[]} what was installed; empty if nothing was missing
 * @throws {Error} naming the command to run, if something is missing that this process may not install
 */
export function ensureSystemPackages({ executable, display = !hasDisplay(), say = console.error }) {
  if (process.platform !== "linux") return [];
  const libraries = missingLibraries(executable);
  const wanted = libraries.length > 0 ? [...electronPackages] : [];
  const missing = [...libraries];
  if (display && !isOnPath("Xvfb")) {
    wanted.push(...displayPackages);
    missing.push("Xvfb");
    if (!hasFonts()) wanted.push(...fontPackages);
  }
  if (wanted.length === 0) return [];

  const names = installPackages("Electron", missing, wanted, say);
  const still = missingLibraries(executable);
  if (still.length > 0) throw new Error(`Electron still misses ${still.join(", ")} after apt-get install`);
  return names;
}

/**
 * Root on Debian and its relatives gets packages installed; others are told what to install.
 * @param {string} user what needs them
 * @param {string[]} missing what it is that it needs
 * @param {string[]} wanted Debian's names of the packages
 * @param {(text: string) => void} say told before something is installed
 * @returns {string[]} what was installed
 * @throws {Error} naming the command to run, if this process may not install anything, or it fails
 */
export function installPackages(user, missing, wanted, say) {
  const canInstall = process.getuid?.() === 0 && isOnPath("apt-get");
  if (!canInstall)
    throw new Error(
      `${user} needs ${missing.join(", ")}, missing on this machine. On Debian and Ubuntu:\n` +
        `  sudo apt-get update && sudo apt-get install --no-install-recommends ${wanted.join(" ")}` +
        (wanted.includes("libasound2")
          ? "\n(from Ubuntu 24.04 and Debian 13 on, libasound2 is called libasound2t64)"
          : ""),
    );
  say(`Installing system packages for ${user} (missing: ${missing.join(", ")})…`);
  apt(["update"]);
  const names = namesHere(wanted);
  apt(["install", "--yes", "--no-install-recommends", ...names]);
  return names;
}

/**
 * Something that only some tests need: found, or found after Debian's packages were installed where this process may.
 * @param {() => string | undefined} find
 * @param {{user: string, missing: string[], wanted: string[]}} packages see `installPackages`
 * @param {(text: string) => void} say told before something is installed, and why it isn't
 * @returns {string | undefined}
 */
export function findOrInstall(find, { user, missing, wanted }, say) {
  const found = find();
  if (found) return found;
  try {
    installPackages(user, missing, wanted, say);
  } catch (error) {
    say(/** @type {Error} */ (error).message);
  }
  return find();
}

/**
 * @param {string} executable
 * @returns {string[]} sonames that the dynamic linker doesn't find
 */
export function missingLibraries(executable) {
  const { stdout, error } = spawnSync("ldd", [executable], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  if (error) return []; // no ldd (musl, or a very bare system): starting will tell
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, soname]) => soname);
}

/** @param {string} program */
function isOnPath(program) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function hasFonts() {
  const { stdout } = spawnSync("fc-list", { encoding: "utf8" });
  return Boolean(stdout?.trim());
}

/**
 * @param {string[]} options
 * @param {string} [folder] where it runs
 * @throws {Error} that says what apt-get said
 */
export function apt(options, folder) {
  try {
    execFileSync("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=300", ...options], {
      cwd: folder,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 64 << 20,
    });
  } catch (error) {
    const { stderr, message } = /** @type {Error & {stderr?: string}} */ (error);
    throw new Error(`apt-get ${options.join(" ")} failed: ${stderr?.trim() || message}`);
  }
}

/**
 * Newer distributions renamed libraries when time_t grew to 64 bits; the old name may be ambiguous there.
 * @param {string[]} wanted
 */
function namesHere(wanted) {
  const known = new Set(
    execFileSync("apt-cache", ["pkgnames"], { encoding: "utf8", maxBuffer: 64 << 20 }).split("\n"),
  );
  return wanted.map((name) => (known.has(`${name}t64`) ? `${name}t64` : name));
}
