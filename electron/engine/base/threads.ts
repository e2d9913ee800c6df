import { availableParallelism } from "node:os";

let most: number | undefined;

/** Threads that work in this process takes where nothing else is said: all cores, unless it was limited. */
export function threadsHere(): number {
  return Math.min(availableParallelism(), most ?? Number.POSITIVE_INFINITY);
}

/** Limits that, once and for all: in a worker's process it is what the worker gives a job. */
export function limitThreads(count: number): void {
  most = count;
}
