import { readdirSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";

/**
 * Runs work ahead of other processes, as far as the system lets (on most a person may not), and puts the priority back
 * afterwards. Threads that the work starts begin with the priority of the one that starts them.
 */
export async function atRaisedPriority<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = getPriority();
  const isRaised = givePriority(Math.min(before, constants.priority.PRIORITY_ABOVE_NORMAL));
  try {
    return await work();
  } finally {
    if (isRaised) givePriority(before);
  }
}

/** @returns whether the system let this thread have it */
function givePriority(priority: number): boolean {
  try {
    setPriority(priority);
  } catch {
    return false;
  }
  for (const thread of threadsOfThisProcess())
    try {
      setPriority(thread, priority);
    } catch {
      // It has ended meanwhile.
    }
  return true;
}

/** Linux gives each thread a priority of its own. */
function threadsOfThisProcess(): number[] {
  try {
    return readdirSync("/proc/self/task").map(Number);
  } catch {
    return [];
  }
}
