import { type Job, partOfJob } from "../base/job.ts";
import { hypervolume } from "../pareto/hypervolume.ts";
import type { FrontPoint } from "../search/engine/front-point.ts";
import {
  type SearchResult,
  type SearchUnderWay,
  type StartSearch,
  startSearch,
} from "../search/engine/run-search.ts";
import type { SearchObserver } from "../search/engine/search-observer.ts";
import type { SearchState } from "../search/engine/search-state.ts";
import type { SearchTask } from "../search/engine/search-task.ts";
import { referencePoint } from "../space/reference-point.ts";
import { atPartition, createKnownPlans } from "./known-plans.ts";
import type { PartitionSearchState } from "./partition-search-state.ts";
import { type PartitionSpace, spaceAtPartition } from "./partition-space.ts";
import { promisingPartitions } from "./promising-partitions.ts";

/** A search over several ways to use the targets. */
export interface PartitionSearchTask extends Omit<SearchTask, "space" | "rivals" | "resume"> {
  /** The device alone first, see `partitionSpaces`. */
  readonly spaces: readonly PartitionSpace[];
  /** Makes the search at each partition; on this thread alone if absent. */
  readonly start?: StartSearch;
  /** Where a search of the same task was left. */
  readonly resume?: PartitionSearchState;
}

/** A search over all partitions, which can be continued like any search. */
export interface PartitionSearch extends Omit<SearchUnderWay, "state"> {
  /** As of any search; nothing as long as the first part has none. */
  state(): PartitionSearchState | undefined;
  /** What the device can do without the server. */
  alone(): readonly FrontPoint[];
}

/**
 * Searches the device alone and then one partition after the other, the most promising first. What is found at one
 * has to be beaten at the next, and every plan that is found is tried at all other partitions at once, so that those
 * with nothing to offer are soon proven to have nothing. A budget is shared out evenly. With one space it is a
 * search as any other.
 * @throws AppError 'shape-mismatch' if a space contradicts itself, 'usage' for bad options
 */
export function startPartitionSearch(task: PartitionSearchTask): PartitionSearch {
  const { spaces, start = startSearch, resume, ...common } = task;
  const promising = promisingPartitions(spaces);
  const [device] = promising;
  const budget = Math.max(1, Math.floor(task.budget / promising.length));
  const plans = createKnownPlans(promising, task.useCase);
  const finished: PartitionSearchState["finished"] = [];
  const observer = task.observer && observeWhole(task.observer, finished, () => result());
  let alone: readonly FrontPoint[] | undefined;
  let current = goOn();

  function goOn(): Part | undefined {
    for (const { cut, ...part } of resume?.finished ?? []) settle(spaceAtPartition(promising, cut), part);
    if (resume?.current) return begin(spaceAtPartition(promising, resume.current.cut), resume.current.search);
    return finished.length === 0 ? begin(device) : next();
  }

  function begin(on: PartitionSpace, left?: SearchState): Part {
    plans.begin(on);
    const own = { space: on.space, budget, rivals: plans.front(), observer, resume: left };
    return { on, search: start({ ...common, ...own }) };
  }

  function next(): Part | undefined {
    const on = plans.mostPromising();
    return on && begin(on);
  }

  /** Keeps what a part has found. */
  function settle(on: PartitionSpace, { proven, gap, evaluations, front }: PartResult): void {
    plans.begin(on);
    finished.push({ cut: on.partition?.tensor, proven, gap, evaluations, front: [...front] });
    const found = front.map((point) => atPartition(point, on));
    alone ??= found;
    plans.add(found);
  }

  async function advance(job: Job): Promise<boolean> {
    while (current) {
      const done = finished.length;
      const part = partOfJob(job, done / promising.length, (done + 1) / promising.length);
      if (!(await current.search.advance(part))) return false;
      settle(current.on, current.search.result());
      current = next();
    }
    return true;
  }

  function result(): SearchResult {
    const own = current?.search.result();
    const results = own ? [...finished, own] : finished;
    const front = plans.frontWith(own?.front ?? [], current?.on ?? device);
    const volume = hypervolume(front, referencePoint(device.space));
    const proven = plans.waiting() === 0 && results.every((part) => part.proven);
    return {
      algorithm: task.algorithm.id,
      proven,
      gap: proven ? 0 : gapOf(results, plans.waiting(), task.goal, volume),
      evaluations: evaluationsOf(results),
      hypervolume: volume,
      front,
    };
  }

  function state(): PartitionSearchState | undefined {
    const search = current?.search.state();
    if (finished.length === 0 && !search) return undefined;
    return {
      finished: [...finished],
      current: current && search && { cut: current.on.partition?.tensor, search },
    };
  }

  return { advance, result, state, alone: () => alone ?? current?.search.result().front ?? [] };
}

/** The search at one partition. */
interface Part {
  readonly on: PartitionSpace;
  readonly search: SearchUnderWay;
}

type PartResult = Pick<SearchResult, "proven" | "gap" | "evaluations" | "front">;

/** Shows how the whole search stands where a part of it pauses. */
function observeWhole(
  observer: SearchObserver,
  finished: readonly PartResult[],
  result: () => SearchResult,
): SearchObserver {
  return {
    evaluated: observer.evaluated,
    paused: ({ evaluations }) =>
      observer.paused({
        evaluations: evaluationsOf(finished) + evaluations,
        front: () => [...result().front],
        gap: () => result().gap,
      }),
  };
}

function evaluationsOf(results: readonly PartResult[]): number {
  return results.reduce((sum, { evaluations }) => sum + evaluations, 0);
}

/** Upper bound on what all parts together may still miss; nothing is known of partitions that were not begun. */
function gapOf(
  results: readonly PartResult[],
  notBegun: number,
  goal: SearchTask["goal"],
  volume: number,
): number | undefined {
  const gaps = results.map(({ gap }) => gap);
  if (!gaps.every((gap) => gap !== undefined)) return undefined;
  if (goal === "best") return notBegun > 0 ? 1 : Math.max(...gaps);
  const max = 1 - volume;
  if (notBegun > 0) return max;
  return Math.min(
    max,
    gaps.reduce((sum, gap) => sum + gap, 0),
  );
}
