import { availableParallelism } from "node:os";
import type { Job } from "../../../shared/base/job.ts";
import type { SearchRecord } from "../../../shared/files/front-file.ts";
import { withoutSpreadLimits } from "../../../shared/model/constraints.ts";
import type { SearchOptions } from "../../../shared/model/stage-options.ts";
import type { PartitionSearchState } from "../../../shared/offload/partition-search-state.ts";
import type { PartitionSpace } from "../../../shared/offload/partition-space.ts";
import { type PartitionSearch, startPartitionSearch } from "../../../shared/offload/search-partitions.ts";
import type { SearchResult, SearchSettings } from "../../../shared/search/engine/run-search.ts";
import type { SearchAlgorithm } from "../../../shared/search/engine/search-algorithm.ts";
import type { SearchObserver } from "../../../shared/search/engine/search-observer.ts";
import type { LeftSearch } from "./left-search.ts";
import { observeSearch, type WatchSearch } from "./observe-search.ts";
import { planRecord } from "./plan-record.ts";
import { recommendAcrossPartitions } from "./recommend-across-partitions.ts";
import { searchOnThreads } from "./search-on-threads.ts";

/** One algorithm of a front search, and the time that it has had. */
export interface AlgorithmRun {
  advance(job: Job, timeLimit: number | undefined): Promise<void>;
  hasEnded(): boolean;
  readonly search: Pick<PartitionSearch, "result" | "alone">;
  record(): SearchRecord;
  left(): LeftSearch | undefined;
}

export function startAlgorithm(
  spaces: readonly PartitionSpace[],
  algorithm: SearchAlgorithm,
  { useCase, goal, seed, budget, threads = availableParallelism(), ...options }: SearchOptions,
  watch: WatchSearch | undefined,
  from?: LeftSearch,
): AlgorithmRun {
  const [{ space }] = spaces;
  const own = algorithm.id === options.algorithm ? options.algorithmOptions : {};
  const settings = {
    useCase,
    goal,
    seed,
    budget: algorithm.exhaustive ? Number.POSITIVE_INFINITY : budget,
    options: own,
  };
  let secondsBefore = from?.seconds ?? 0;
  let resumedAt = performance.now();
  let ended = false;
  const secondsNow = () => (performance.now() - resumedAt) / 1000;
  const seconds = () => secondsBefore + secondsNow();
  const observer = watch && observeSearch(space, algorithm.id, seed, { seconds, watch });
  const search = startForGoal(spaces, algorithm, settings, threads, observer, from);

  async function advance(job: Job, timeLimit = Number.POSITIVE_INFINITY): Promise<void> {
    if (ended) return;
    resumedAt = performance.now();
    const isTimeUp = () => job.isTimeUp?.() === true || secondsNow() > timeLimit;
    try {
      ended = await search.advance({ ...job, isTimeUp });
      observer?.rested(search.result());
    } finally {
      secondsBefore += secondsNow();
    }
  }

  function record(): SearchRecord {
    const { proven, gap, evaluations, hypervolume, front } = search.result();
    return {
      algorithm: algorithm.id,
      options: own,
      seed,
      proven,
      gap,
      goal,
      stopped: ended ? undefined : true,
      evaluations,
      seconds: secondsBefore,
      hypervolume,
      front: front.map((point) => planRecord(space, point)),
    };
  }

  function left(): LeftSearch | undefined {
    const state = search.state();
    return state && { ...state, seconds: secondsBefore };
  }

  return { advance, hasEnded: () => ended, search, record, left };
}

/** How long the nearest plan is looked for, ms: most fronts of three exits take less. */
const nearestMs = 5000;

/**
 * Searches for what is wanted, and for the nearest where nothing meets it: where the best plan alone was wanted, it is
 * on the front; where no plan keeps to the limits on how samples spread, on the front of all plans. Nobody who wanted
 * one plan waits for the proof of a front.
 */
function startForGoal(
  spaces: readonly PartitionSpace[],
  algorithm: SearchAlgorithm,
  settings: SearchSettings,
  threads: number,
  observer: SearchObserver | undefined,
  from: PartitionSearchState | undefined,
): PartitionSearch {
  const { useCase } = settings;
  const ofFront = { ...settings, goal: "front" as const };
  const attempts = [
    ...(settings.goal === "best" ? [settings] : []),
    ofFront,
    { ...ofFront, useCase: withoutSpreadLimits(useCase) },
  ];
  const start = (attempt: SearchSettings, left?: PartitionSearchState) =>
    startPartitionSearch(spaces, algorithm, attempt, observer, searchOnThreads(threads), left);
  const searches = [start(attempts[0], from)];
  const suffices = ({ front }: SearchResult, index: number) =>
    front.length > 0 &&
    (attempts[index].goal === "front" || recommendAcrossPartitions(spaces, front, useCase).feasible);
  const best = () =>
    searches.find((search, index) => suffices(search.result(), index)) ?? searches[searches.length - 1];
  let spentOnNearest = 0;

  /** Whether a search has ended, or had its time if it is for the nearest plan. */
  async function advanceOne(index: number, job: Job): Promise<boolean> {
    if (index === 0) return searches[0].advance(job);
    const started = performance.now();
    const spent = () => spentOnNearest + performance.now() - started;
    const isTimeUp = () => job.isTimeUp?.() === true || spent() > nearestMs;
    const ended = await searches[index].advance({ ...job, isTimeUp });
    spentOnNearest = spent();
    return ended || spentOnNearest > nearestMs;
  }

  return {
    async advance(job) {
      let ended = true;
      for (const [index, attempt] of attempts.entries()) {
        searches[index] ??= start(attempt);
        ended = (await advanceOne(index, job)) && ended;
        const result = searches[index].result();
        // A front that is proven leaves earlier attempts nothing to find.
        ended ||= result.proven;
        if (suffices(result, index)) break;
      }
      return ended;
    },
    result: () => best().result(),
    alone: () => best().alone(),
    state: () => searches[0].state(),
  };
}
