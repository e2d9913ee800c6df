import { constants } from "node:os";

/**
 * Waits for a child as if it stood in our place: it gets our signals, we get its exit code. Ctrl-C in a terminal reaches
 * the child by itself, so it is only kept from ending us first.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>} its exit code, or 128 + the signal that ended it, as shells say it
 */
export async function passOn(child) {
  const stay = () => {};
  const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  process.on("SIGINT", process.stdin.isTTY ? stay : forward);
  process.on("SIGTERM", forward);
  process.on("SIGHUP", forward);
  try {
    return await new Promise((done, fail) => {
      child.once("error", fail);
      child.once("exit", (code, signal) => done(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
    });
  } finally {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
      for (const listener of [stay, forward]) process.off(signal, listener);
  }
}
