import { mkdir, rm, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const heartbeatMs = 2_000;
/** A holder that has not touched its lock for so long is dead: process ids would lie between containers. */
const staleMs = 20_000;

/**
 * Runs a task while holding a lock that other processes respect, and waits for whoever holds it.
 * @template T
 * @param {string} folder the lock: a folder that exists while it is held
 * @param {() => Promise<T>} task
 * @param {() => void} [onWait] told once if it has taken a second
 * @returns {Promise<T>}
 */
export async function withFolderLock(folder, task, onWait) {
  await mkdir(dirname(folder), { recursive: true });
  for (let waits = 0; !(await acquire(folder)); waits++) {
    if (waits === 5) onWait?.();
    await sleep(200);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(folder, now, now).catch(() => {});
  }, heartbeatMs);
  heartbeat.unref();
  try {
    return await task();
  } finally {
    clearInterval(heartbeat);
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
async function acquire(folder) {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
  }
  const held = await stat(folder).catch(() => undefined);
  if (held && Date.now() - held.mtimeMs > staleMs) await rm(folder, { recursive: true, force: true });
  return false;
}
