// A NATS server, which nothing but a fleet needs: node ensure-nats.mjs installs Debian's where root may, and says what is
// missing where it can't, without failing.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findOrInstall } from "./system-packages.mjs";

/** The one that a person names, the first on the path, the system's. */
const programs = [process.env.OFFRAMP_TEST_NATS, "nats-server", "/usr/sbin/nats-server"];

/**
 * The first of these programs that is a NATS server.
 * @param {readonly (string | undefined)[]} [candidates]
 * @returns {string | undefined}
 */
export function findNats(candidates = programs) {
  return candidates.find(
    (program) =>
      program && /nats-server: v2/.test(spawnSync(program, ["--version"], { encoding: "utf8" }).stdout ?? ""),
  );
}

/**
 * The same, after Debian's package was installed if there is none and this process may.
 * @param {(text: string) => void} [say] told before something is installed, and why it isn't
 * @param {readonly (string | undefined)[]} [candidates]
 * @returns {string | undefined}
 */
export function ensureNats(say = console.error, candidates = programs) {
  const packages = { user: "The fleet", missing: ["a NATS server"], wanted: ["nats-server"] };
  return findOrInstall(() => findNats(candidates), packages, say);
}

if (process.argv[1] && fileURLToPath(import.meta.url) === resolve(process.argv[1])) {
  const program = ensureNats();
  console.error(program ? `NATS server: ${program}` : "No NATS server: tests that need one are skipped.");
}
