// A screen where there is none: node with-display.mjs COMMAND [ARGUMENTS] runs a command under a fresh Xvfb, or as it is
// if there is a display.
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { passOn } from "./pass-on.mjs";
import { hasDisplay } from "./system-packages.mjs";

const startLimitMs = 20_000;
/**
 * Xvfb chooses a free number itself and tells it on descriptor 3. The shell around it ends it when this process's end
 * of the pipe on standard input closes, so that it never outlives us, not even after SIGKILL.
 */
const script = 'Xvfb "$@" </dev/null >/dev/null & xvfb=$!; exec 3>&-; cat >/dev/null; kill $xvfb; wait $xvfb';
const xvfbArguments = ["-displayfd", "3", "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"];

/**
 * Starts a virtual screen if this machine has none. Start processes with DISPLAY set to what it gives.
 * @returns {Promise<{display: string | undefined, stop: () => Promise<void>}>} `display` is what DISPLAY shall be
 *   (`undefined` where that means nothing); `stop` is harmless if nothing was started
 * @throws {Error} if Xvfb isn't installed or doesn't start
 */
export async function startDisplay() {
  if (hasDisplay()) return { display: process.env.DISPLAY, stop: async () => {} };
  const shell = /** @type {import('node:child_process').ChildProcessWithoutNullStreams} */ (
    spawn("sh", ["-c", script, "sh", ...xvfbArguments], { stdio: ["pipe", "ignore", "pipe", "pipe"] })
  );
  const ended = new Promise((done) => {
    shell.once("close", done);
    shell.once("error", done);
  });
  let complaint = "";
  shell.stderr.on("data", (text) => {
    complaint += text;
  });
  const stop = async () => {
    shell.stdin.end();
    await ended;
  };
  shell.stdin.on("error", () => {});
  const number = await displayNumber(/** @type {import('node:stream').Readable} */ (shell.stdio[3]));
  if (number === undefined) {
    await stop();
    throw new Error(
      `Xvfb didn't start: ${complaint.trim() || `no answer in ${startLimitMs / 1000} s`}. On Debian and Ubuntu: apt-get install xvfb`,
    );
  }
  return { display: `:${number}`, stop };
}

/**
 * @param {import('node:stream').Readable} answer
 * @returns {Promise<string | undefined>}
 */
function displayNumber(answer) {
  return new Promise((done) => {
    let text = "";
    const timer = setTimeout(() => done(undefined), startLimitMs);
    answer.on("data", (chunk) => {
      text += chunk;
      if (!text.includes("\n")) return;
      clearTimeout(timer);
      done(text.trim());
    });
    answer.once("end", () => {
      clearTimeout(timer);
      done(undefined);
    });
  });
}

if (process.argv[1] && fileURLToPath(import.meta.url) === resolve(process.argv[1])) {
  const [command, ...rest] = process.argv.slice(2);
  if (!command) {
    console.error("usage: node with-display.mjs COMMAND [ARGUMENTS]");
    process.exit(2);
  }
  const { display, stop } = await startDisplay();
  const env = display === undefined ? process.env : { ...process.env, DISPLAY: display };
  const code = await passOn(spawn(command, rest, { stdio: "inherit", env }));
  await stop();
  process.exit(code);
}
