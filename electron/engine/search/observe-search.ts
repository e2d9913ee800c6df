import { seededRandom } from "../../../shared/base/random.ts";
import type { SearchProgress } from "../../../shared/ipc/channels.ts";
import type { SearchOptions } from "../../../shared/model/stage-options.ts";
import { hypervolume } from "../../../shared/pareto/hypervolume.ts";
import type { FrontPoint } from "../../../shared/search/engine/front-point.ts";
import { createPlanSample } from "../../../shared/search/engine/plan-sample.ts";
import type { SearchResult } from "../../../shared/search/engine/run-search.ts";
import type { SearchObserver } from "../../../shared/search/engine/search-observer.ts";
import type { DesignSpace } from "../../../shared/space/design-space.ts";
import { onAxis } from "../../../shared/space/energy-axis.ts";
import { referencePoint } from "../../../shared/space/reference-point.ts";
import { totalWeight } from "../../../shared/space/search-space.ts";
import { planRecord } from "./plan-record.ts";

export type WatchSearch = (progress: SearchProgress) => void;

type Standing = Pick<SearchResult, "evaluations" | "gap">;

/** Shortest time between two looks at a search. */
const intervalMs = 200;

/** Evaluated plans that a look shows at most. */
const maxShown = 4000;

interface SearchWatcher {
  /** The time that the search has had. */
  seconds(): number;
  readonly watch: WatchSearch;
}

/** Shows how a search stands some times a second, and where it ends or rests. */
export function observeSearch(
  spaces: readonly DesignSpace[],
  algorithm: string,
  { seed, useCase }: Pick<SearchOptions, "seed" | "useCase">,
  { seconds, watch }: SearchWatcher,
): SearchObserver & { rested(result: SearchResult): void } {
  const [{ space }] = spaces;
  const reference = referencePoint(onAxis(space, useCase));
  const sample = createPlanSample(maxShown, totalWeight(space), seededRandom(seed));
  let lastShown = performance.now();

  function show({ evaluations, gap }: Standing, front: readonly FrontPoint[]): void {
    lastShown = performance.now();
    watch({
      algorithm,
      evaluations,
      seconds: seconds(),
      gap,
      hypervolume: hypervolume(front, reference),
      front: front.map((point) => planRecord(spaces, point, useCase)),
      evaluated: sample.pairs(),
    });
  }

  return {
    evaluated: sample.take,
    paused: ({ evaluations, front, gap }) => {
      if (performance.now() - lastShown >= intervalMs) show({ evaluations, gap: gap() }, front());
    },
    rested: (result) => show(result, result.front),
  };
}
