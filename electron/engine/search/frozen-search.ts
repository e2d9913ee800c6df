import type { UseCase } from "../../../shared/model/use-case.ts";
import { createFrontArchive } from "../../../shared/pareto/front-archive.ts";
import { hypervolume } from "../../../shared/pareto/hypervolume.ts";
import type { DesignSearchState } from "../../../shared/search/designs/design-search-state.ts";
import type { FrontPoint } from "../../../shared/search/engine/front-point.ts";
import type { SearchResult } from "../../../shared/search/engine/run-search.ts";
import { type DesignSpace, findSpace } from "../../../shared/space/design-space.ts";
import { onAxis } from "../../../shared/space/energy-axis.ts";
import { referencePoint } from "../../../shared/space/reference-point.ts";
import { totalWeight } from "../../../shared/space/search-space.ts";
import type { AlgorithmRun, AlgorithmTask } from "./algorithm-run.ts";
import type { SearchCheckpoint } from "./search-checkpoint.ts";

/**
 * The part of a search that goes through no tuned network, as a search of its own: its front is what the project could do before. The
 * whole search goes on from there. Both have the same budget per space.
 * @returns undefined where no network was tuned
 */
export function frozenTask(whole: AlgorithmTask): AlgorithmTask | undefined {
  const { spaces, options, resume } = whole;
  const frozen = spaces.filter(({ isTuned }) => !isTuned);
  if (frozen.length === spaces.length) return undefined;
  const budget = Math.max(1, Math.floor((options.budget * frozen.length) / spaces.length));
  return {
    ...whole,
    spaces: frozen,
    options: { ...options, budget },
    resume: resume && { ...resume, ...partsIn(frozen, resume) },
  };
}

/** What of a search's state is of some of its spaces. */
function partsIn(
  spaces: readonly DesignSpace[],
  { finished, current }: DesignSearchState,
): DesignSearchState {
  const isIn = (part: Parameters<typeof findSpace>[1]) => findSpace(spaces, part) !== undefined;
  return { finished: finished.filter(isIn), current: current && isIn(current) ? current : undefined };
}

/**
 * Where the whole search goes on: at the end of its frozen part, with what a file says that it did beyond, or wherever the file
 * says that it was.
 */
export function resumeBehind(
  whole: AlgorithmTask,
  frozen: AlgorithmRun | undefined,
): SearchCheckpoint | undefined {
  const { spaces, resume } = whole;
  const done = frozen?.hasEnded() ? frozen.checkpoint() : undefined;
  if (!done) return resume;
  const tuned = spaces.filter(({ isTuned }) => isTuned);
  const beyond = resume && partsIn(tuned, resume);
  return {
    finished: [...done.finished, ...(beyond?.finished ?? [])],
    current: beyond?.current,
    seconds: Math.max(done.seconds, resume?.seconds ?? 0),
  };
}

/**
 * The whole search's result with what its frozen part has found, should it not have come so far itself; before it has begun,
 * the frozen part's, which bounds nothing of the rest.
 */
export function wholeResult(
  whole: SearchResult | undefined,
  frozen: SearchResult | undefined,
  [{ space }]: readonly DesignSpace[],
  useCase: UseCase,
): SearchResult {
  if (!whole) return { ...frozen!, proven: false, gap: undefined };
  if (!frozen) return whole;
  const archive = createFrontArchive<FrontPoint>(totalWeight(space));
  for (const point of [...whole.front, ...frozen.front]) archive.offer(point.right, point.latencyMs, point);
  const front = archive.front().map(({ plan }) => plan);
  return { ...whole, front, hypervolume: hypervolume(front, referencePoint(onAxis(space, useCase))) };
}
