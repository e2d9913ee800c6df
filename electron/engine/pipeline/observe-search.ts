import { toPlanExits } from "../../../shared/evaluate/plan-exits.ts";
import type { SearchProgress } from "../../../shared/ipc/channels.ts";
import { hypervolume } from "../../../shared/pareto/hypervolume.ts";
import { seededRandom } from "../../../shared/random.ts";
import { createPlanSample } from "../../../shared/search/plan-sample.ts";
import { referencePoint } from "../../../shared/search/reference-point.ts";
import type { FrontPoint, SearchResult } from "../../../shared/search/run-search.ts";
import type { SearchObserver } from "../../../shared/search/search-observer.ts";
import type { SearchSpace } from "../../../shared/search/search-space.ts";

export type WatchSearch = (progress: SearchProgress) => void;

/** Shortest time between two looks at a search. */
const intervalMs = 200;

/** Evaluated plans that a look shows at most. */
const mostShown = 4000;

/** Shows how a search stands some times a second, and at its end. */
export function observeSearch(
  space: SearchSpace,
  algorithm: string,
  seed: number,
  watch: WatchSearch,
): SearchObserver & { ended(result: SearchResult): void } {
  const reference = referencePoint(space);
  const sample = createPlanSample(mostShown, space.samples, seededRandom(seed));
  const started = performance.now();
  let lastShown = started;

  function show(evaluations: number, front: readonly FrontPoint[]): void {
    lastShown = performance.now();
    watch({
      algorithm,
      evaluations,
      seconds: (lastShown - started) / 1000,
      hypervolume: hypervolume(front, reference),
      front: front.map(({ exits, accuracy, latencyMs }) => ({
        exits: toPlanExits(space, exits),
        accuracy,
        latencyMs,
      })),
      evaluated: sample.pairs(),
    });
  }

  return {
    evaluated: sample.take,
    paused: ({ evaluations, front }) => {
      if (performance.now() - lastShown >= intervalMs) show(evaluations, front());
    },
    ended: ({ evaluations, front }) => show(evaluations, front),
  };
}
