import { cpus } from "node:os";
import { processorMs } from "../../onnx/runtime.ts";

/** What the processor has done, ms of all cores together. */
interface ProcessorTimes {
  readonly busyMs: number;
  readonly allMs: number;
  /** This process's own part, and that of what runs networks for it. */
  readonly ownMs: number;
}

export function readProcessorTimes(): ProcessorTimes {
  let busyMs = 0;
  let allMs = 0;
  for (const { times } of cpus()) {
    const busy = times.user + times.nice + times.sys + times.irq;
    busyMs += busy;
    allMs += busy + times.idle;
  }
  return { busyMs, allMs, ownMs: processorMs() };
}

/**
 * How much of the processor others took between two moments.
 * @returns 0-1; undefined where the system doesn't tell, or the moments are too close for its clock
 */
export function loadBetween(from: ProcessorTimes, to: ProcessorTimes): number | undefined {
  const all = to.allMs - from.allMs;
  if (all <= 0) return undefined;
  return Math.min(1, Math.max(0, (to.busyMs - from.busyMs - (to.ownMs - from.ownMs)) / all));
}
