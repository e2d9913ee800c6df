import { readFileSync } from "node:fs";

/** For tests: whether a process still runs; one that has ended and that nobody has buried doesn't. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const state = /^\d+ \(.*\) (\w)/s.exec(readFileSync(`/proc/${pid}/stat`, "latin1"))?.[1];
    return state !== "Z" && state !== "X";
  } catch {
    return false;
  }
}
