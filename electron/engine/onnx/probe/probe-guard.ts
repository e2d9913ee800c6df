/**
 * The thread that ends a model's first run from inside. ONNX Runtime keeps the process's main thread busy, so no timer
 * and no closed channel is heard of there, and whoever watches from outside may be stopped or killed. Started by
 * `guardProbe`; knows nothing of ONNX Runtime.
 */
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { GuardLimits, GuardStart } from "./guard-probe.ts";

/** How often it looks, ms. */
const lookMs = 50;
/** A child that nobody asks anything for so long is forgotten. */
const idleMs = 60_000;

const { guardians, parent } = workerData as GuardStart;
let limits: GuardLimits = { timeMs: idleMs, memoryBytes: Number.POSITIVE_INFINITY };
let since = performance.now();

parentPort!.on("message", (next: GuardLimits) => {
  limits = next;
  since = performance.now();
  // From here on the model may run.
  parentPort!.postMessage("guarded");
});
setInterval(() => {
  if (mustEnd()) process.kill(process.pid, "SIGKILL");
}, lookMs);

function mustEnd(): boolean {
  try {
    return isAlone() || isOver();
  } catch {
    // Blind, as without a file handle left to read the process's memory with, it can't guard.
    return true;
  }
}

/** A parent that has ended but that nobody has buried still has its pid, yet its children were given away at once. */
function isAlone(): boolean {
  return process.ppid !== parent || guardians.some((pid) => isGone(pid) || isUnburied(pid));
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Ended, though whoever started it doesn't know yet, being stopped; only Linux tells. */
function isUnburied(pid: number): boolean {
  if (process.platform !== "linux") return false;
  // The name in brackets may hold anything.
  const [state] = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)!;
  return state === "Z";
}

function isOver(): boolean {
  return performance.now() - since > limits.timeMs || process.memoryUsage.rss() > limits.memoryBytes;
}
