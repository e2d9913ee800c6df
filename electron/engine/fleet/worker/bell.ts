/** How often a worker looks for jobs unasked: one that somebody else has given back rings no bell. */
export const lookMs = 3000;

/** Something to wait for that may have rung before. */
export function createBell(stop: AbortSignal) {
  let hasRung = false;
  let wake = () => {};
  const ring = () => {
    hasRung = true;
    wake();
  };
  stop.addEventListener("abort", ring);
  return {
    ring,
    wait: async (longestMs: number) => {
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
