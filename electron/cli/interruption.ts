import { setImmediate } from "node:timers/promises";
import { cancelledError } from "../../shared/job.ts";

/** Longest stretch of work between two turns of the event loop, ms; a signal is heard at the next turn. */
const turnMs = 20;

/** Ctrl-C as the engine hears of it. */
export interface Interruption {
  readonly requested: boolean;
  /** The `pause` of every job. */
  pause(): Promise<void>;
}

/** From now on the first SIGINT or SIGTERM asks running work to stop; a second one ends the process at once. */
export function listenForInterruption(): Interruption {
  let requested = false;
  let lastTurn = performance.now();
  const request = () => {
    if (requested) process.exit(130);
    requested = true;
  };
  process.on("SIGINT", request);
  process.on("SIGTERM", request);
  return {
    get requested() {
      return requested;
    },
    async pause() {
      if (performance.now() - lastTurn > turnMs) {
        await setImmediate();
        lastTurn = performance.now();
      }
      if (requested) throw cancelledError();
    },
  };
}
