import type { TargetOptions } from "../../../../shared/model/stage-options.ts";
import { runClock } from "../../onnx/runtime.ts";

/** Starts; what it returns stops and says how long that took, ms. */
export type Stopwatch = () => () => RunTime;

export interface RunTime {
  /** What the run needed by itself. */
  readonly ownMs: number;
  /** What the clock says, and a person waits. */
  readonly wallMs: number;
}

const wallClock: Stopwatch = () => {
  const clock = runClock();
  const start = clock.wallMs();
  return () => {
    const wallMs = clock.wallMs() - start;
    return { ownMs: wallMs, wallMs };
  };
};

/**
 * A run on one thread needs the time that the processor spent on this process, or the clock's if that is less (for other
 * threads, those that collect garbage say, spend some too). What another process took in between isn't in it.
 */
const processorClock: Stopwatch = () => {
  const clock = runClock();
  const [before, start] = [clock.processorMs(), clock.wallMs()];
  return () => {
    const wallMs = clock.wallMs() - start;
    return { ownMs: Math.min(wallMs, clock.processorMs() - before), wallMs };
  };
};

/** The best clock there is for a target: several threads and other devices spend time of which this process's says nothing. */
export function stopwatchFor({ threads, provider }: TargetOptions): Stopwatch {
  return threads === 1 && provider === "cpu" && hasFineProcessorClock() ? processorClock : wallClock;
}

/** Windows counts a process's time in steps of 16 ms; a step that is good for runs of 0.1 ms is far shorter than that. */
const finestStepMs = 0.1;

function hasFineProcessorClock(): boolean {
  const before = process.cpuUsage();
  for (const start = performance.now(); performance.now() - start < 20; ) {
    const { user, system } = process.cpuUsage(before);
    const stepMs = (user + system) / 1000;
    if (stepMs > 0) return stepMs <= finestStepMs;
  }
  return false;
}
