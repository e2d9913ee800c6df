import { cancelledError } from "../../shared/base/job.ts";
import { eventLoopTurns } from "../engine/index.ts";

/** Ctrl-C as the engine learns of it. */
export interface Interruption {
  readonly requested: boolean;
  /** The `pause` of every job. */
  pause(): Promise<void>;
}

/**
 * From now on SIGINT or SIGTERM asks running work to stop. A second one is the launcher's business, which isn't blocked
 * while ONNX Runtime or a library works.
 */
export function listenForInterruption(): Interruption {
  let requested = false;
  const turn = eventLoopTurns();
  const request = () => {
    requested = true;
  };
  process.on("SIGINT", request);
  process.on("SIGTERM", request);
  return {
    get requested() {
      return requested;
    },
    async pause() {
      await turn();
      if (requested) throw cancelledError();
    },
  };
}
