import type { Addressee } from "../../../../shared/fleet/fleet-names.ts";
import type { ServerConnection } from "../server/connection.ts";
import { onNextSubmitted } from "../server/queue.ts";

/** How often a worker looks for jobs unasked: one that somebody else has given back rings no bell. */
export const lookMs = 3000;

/**
 * What wakes a worker that has nothing to do. For a job the server rings one of those that wait for it, and that one not again
 * before it has hung its bell up anew: so many jobs wake so many workers, and not all of them for each.
 */
export function createBell(connection: ServerConnection, to: readonly Addressee[], stop: AbortSignal) {
  let hanging: readonly { unsubscribe(): void }[] = [];
  let hasRung = false;
  let wake = () => {};
  const takeDown = () => {
    for (const each of hanging) each.unsubscribe();
    hanging = [];
  };
  const ring = () => {
    takeDown();
    hasRung = true;
    wake();
  };
  stop.addEventListener("abort", ring);
  return {
    takeDown,
    /** @returns whether it didn't hang any more, so that something may have come that it didn't ring for */
    hangUp: (): boolean => {
      if (hanging.length > 0 || stop.aborted) return false;
      hasRung = false;
      hanging = to.map((each) => onNextSubmitted(connection, each, ring));
      return true;
    },
    /** Until it rings, unless it has since it was hung up. */
    wait: async (longestMs: number): Promise<void> => {
      if (!hasRung)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, longestMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      hasRung = false;
    },
  };
}

export type Bell = ReturnType<typeof createBell>;
