import type { Job } from "../../../shared/base/job.ts";
import type { ChartedPlan, SearchRecord } from "../../../shared/files/front-file.ts";
import type { SearchOptions } from "../../../shared/model/stage-options.ts";
import type { DesignSearch, DesignSearchTask } from "../../../shared/search/designs/search-designs.ts";
import type { FrontPoint } from "../../../shared/search/engine/front-point.ts";
import type { SearchResult } from "../../../shared/search/engine/run-search.ts";
import type { SearchAlgorithm } from "../../../shared/search/engine/search-algorithm.ts";
import type { SearchObserver } from "../../../shared/search/engine/search-observer.ts";
import type { DesignSpace } from "../../../shared/space/design-space.ts";
import { limitTime } from "../base/limit-time.ts";
import { threadsHere } from "../base/threads.ts";
import { startForGoal } from "./goal-search.ts";
import { observeSearch, type WatchSearch } from "./observe-search.ts";
import type { SearchCheckpoint } from "./search-checkpoint.ts";
import { searchOnThreads } from "./search-on-threads.ts";
import type { SearchWorkers } from "./search-on-workers.ts";

/** What one algorithm of a front search does. */
export interface AlgorithmTask {
  readonly spaces: readonly DesignSpace[];
  readonly algorithm: SearchAlgorithm;
  /** Of the whole front search: its algorithm's own options are the chosen algorithm's. */
  readonly options: SearchOptions;
  readonly watch?: WatchSearch;
  readonly resume?: SearchCheckpoint;
  /** Who shares it beyond this machine. */
  readonly workers?: SearchWorkers;
}

/** One algorithm of a front search, and the time that it has had. */
export interface AlgorithmRun {
  /** @param timeLimit seconds */
  advance(job: Job, timeLimit: number | undefined): Promise<void>;
  hasEnded(): boolean;
  readonly search: Pick<DesignSearch, "result" | "alone">;
  /**
   * @param asRecord how a front's file has a plan
   * @param result with what others have found beside it, if some have
   */
  record(asRecord: (point: FrontPoint) => ChartedPlan, result?: SearchResult): SearchRecord;
  checkpoint(): SearchCheckpoint | undefined;
}

export function startAlgorithm(task: AlgorithmTask): AlgorithmRun {
  const { algorithm, options, watch } = task;
  const { spaces } = task;
  let secondsBefore = task.resume?.seconds ?? 0;
  let resumedAt = performance.now();
  let ended = false;
  const secondsNow = () => (performance.now() - resumedAt) / 1000;
  const seconds = () => secondsBefore + secondsNow();
  const observer = watch && observeSearch(spaces, algorithm.id, options, { seconds, watch });
  const search = startForGoal(designSearchTask(task, observer));

  async function advance(job: Job, timeLimit = Number.POSITIVE_INFINITY): Promise<void> {
    if (ended) return;
    resumedAt = performance.now();
    try {
      ended = await search.advance(limitTime(job, 1000 * timeLimit));
      observer?.rested(search.result());
    } finally {
      secondsBefore += secondsNow();
    }
  }

  function record(asRecord: (point: FrontPoint) => ChartedPlan, result = search.result()): SearchRecord {
    const { proven, gap, evaluations, hypervolume, front } = result;
    return {
      algorithm: algorithm.id,
      options: ownOptions(task),
      seed: options.seed,
      proven,
      gap,
      goal: options.goal,
      stopped: ended ? undefined : true,
      evaluations,
      seconds: secondsBefore,
      hypervolume,
      front: front.map(asRecord),
    };
  }

  function checkpoint(): SearchCheckpoint | undefined {
    const state = search.state();
    return state && { ...state, seconds: secondsBefore };
  }

  return { advance, hasEnded: () => ended, search, record, checkpoint };
}

function designSearchTask(task: AlgorithmTask, observer: SearchObserver | undefined): DesignSearchTask {
  const { spaces, algorithm, resume, workers } = task;
  const { useCase, goal, seed, budget, threads = threadsHere() } = task.options;
  return {
    spaces,
    algorithm,
    options: ownOptions(task),
    useCase,
    goal,
    seed,
    budget: algorithm.exhaustive ? Number.POSITIVE_INFINITY : budget,
    observer,
    start: searchOnThreads(threads, workers),
    resume,
  };
}

function ownOptions({ algorithm, options }: AlgorithmTask): SearchOptions["algorithmOptions"] {
  return algorithm.id === options.algorithm ? options.algorithmOptions : {};
}
