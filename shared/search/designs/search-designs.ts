import { type Job, partOfJob } from "../../base/job.ts";
import { hypervolume } from "../../pareto/hypervolume.ts";
import { type DesignSpace, designOf, spaceOfPlan } from "../../space/design-space.ts";
import { onAxis } from "../../space/energy-axis.ts";
import { referencePoint } from "../../space/reference-point.ts";
import type { FrontPoint } from "../engine/front-point.ts";
import {
  type SearchResult,
  type SearchUnderWay,
  type StartSearch,
  startSearch,
} from "../engine/run-search.ts";
import type { SearchObserver } from "../engine/search-observer.ts";
import type { SearchState } from "../engine/search-state.ts";
import type { SearchTask } from "../engine/search-task.ts";
import type { DesignSearchState } from "./design-search-state.ts";
import { createKnownPlans } from "./known-plans.ts";
import { promisingSpaces } from "./promising-spaces.ts";

/** A search over several chains of networks and several ways to use the targets. */
export interface DesignSearchTask extends Omit<SearchTask, "space" | "rivals" | "resume"> {
  /** The backbone alone, on the device alone, first; all with the same samples and reference. */
  readonly spaces: readonly DesignSpace[];
  /** Makes the search in each space; on this thread alone if absent. */
  readonly start?: StartSearch;
  /** Where a search of the same task was left. */
  readonly resume?: DesignSearchState;
}

/** A search over all spaces, which can be continued like any search. */
export interface DesignSearch extends Omit<SearchUnderWay, "state"> {
  /** As of any search; nothing as long as the first part has none. */
  state(): DesignSearchState | undefined;
  /** What was found in the spaces without a partition: what the device can do without the server. */
  alone(): readonly FrontPoint[];
}

/**
 * Searches one space after the other, the most promising first; where there are partitions, those of the device alone before
 * all others. What is found in one has to be beaten in the next, and every plan that is found is tried at once in all other
 * spaces that have its exits, so that those with nothing to offer are soon proven to have nothing. A budget is shared out
 * evenly. With one space it is a search as any other.
 * @throws AppError 'shape-mismatch' if a space contradicts itself, 'usage' for bad options
 */
export function startDesignSearch(task: DesignSearchTask): DesignSearch {
  const { spaces, start = startSearch, resume, ...common } = task;
  const promising = promisingSpaces(spaces, task.useCase);
  const [first] = promising;
  const budget = Math.max(1, Math.floor(task.budget / promising.length));
  const plans = createKnownPlans(promising, task.useCase);
  const finished: DesignSearchState["finished"] = [];
  const observer = task.observer && observeWhole(task.observer, finished, () => result());
  let current = goOn();

  function goOn(): Part | undefined {
    for (const part of resume?.finished ?? []) settle(spaceOfPlan(promising, part), part);
    if (resume?.current) return begin(spaceOfPlan(promising, resume.current), resume.current.search);
    return next();
  }

  function begin(on: DesignSpace, left?: SearchState): Part {
    plans.begin(on);
    const own = { space: on.space, budget, rivals: plans.rivals(on), observer, resume: left };
    return { on, search: start({ ...common, ...own }) };
  }

  function next(): Part | undefined {
    const on = plans.mostPromising();
    return on && begin(on);
  }

  /** Keeps what a part has found. */
  function settle(on: DesignSpace, { proven, gap, evaluations, front }: PartResult): void {
    plans.begin(on);
    finished.push({ ...designOf(on), proven, gap, evaluations, front: [...front] });
    plans.add(front, on);
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
    const front = plans.frontWith(own?.front ?? [], current?.on ?? first);
    const volume = hypervolume(front, referencePoint(onAxis(first.space, task.useCase)));
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

  function state(): DesignSearchState | undefined {
    const search = current?.search.state();
    if (finished.length === 0 && !search) return undefined;
    return { finished: [...finished], current: current && search && { ...designOf(current.on), search } };
  }

  function alone(): FrontPoint[] {
    return plans.aloneWith(current?.search.result().front ?? [], current?.on ?? first);
  }

  return { advance, result, state, alone };
}

/** The search in one space. */
interface Part {
  readonly on: DesignSpace;
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

/** Upper bound on what all parts together may still miss; nothing is known of spaces that were not begun. */
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
