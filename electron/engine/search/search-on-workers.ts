import { setTimeout as delay } from "node:timers/promises";
import { cancelledError, type Job } from "../../../shared/base/job.ts";
import type { SearchTree } from "../../../shared/search/engine/deal-shares.ts";
import type { SharedSearch } from "../../../shared/search/engine/run-search.ts";
import { partKey, type SearchPart } from "../../../shared/search/engine/search-progress.ts";
import type { StageCache } from "../base/cache.ts";
import type { JobRunner } from "../jobs/job-kind.ts";
import type { WorkerTask } from "./search-pool.ts";
import { sentSpace } from "./sent-space.ts";
import { shareKind } from "./share-kind.ts";

/** A worker needs a second or two to begin a share, so shares are larger than those of threads. */
const sharesEach = 2;
/** No share is smaller than if every worker had so many. */
const mostEach = 16;

/** After so long a worker begins no further part of its share, s: whoever is free gets the rest. */
const shareSeconds = 60;

/** How often the search is shown how it stands, ms. */
const lookMs = 100;

/** Who shares a search beyond this machine. */
export interface SearchWorkers {
  readonly runner: JobRunner;
  readonly cache: StageCache;
}

/**
 * Has workers search the parts of a search as threads do, see `searchTogether`: all plans of one more exit at a time, each share with the
 * best plans that any has found until then.
 * @throws AppError 'cancelled', what a worker throws; nothing goes on then
 */
export async function searchOnWorkers(
  search: SharedSearch,
  { parts, progress, maxExits }: SearchTree,
  task: WorkerTask,
  { runner, cache }: SearchWorkers,
  job: Job,
): Promise<void> {
  const places = (await runner.places?.()) ?? 1;
  const space = sentSpace(task.space);
  const dealt = new Set<string>();
  let failure: { readonly cause: unknown } | undefined;
  let isOver = false;
  const ofShare: Job = {
    report: () => {},
    warn: job.warn,
    pause: async () => {
      if (failure) throw failure.cause;
      // What isn't finished by then is searched again when the search goes on.
      if (isOver) throw cancelledError();
      await job.pause();
    },
  };

  /** Parts that wait, and belong together: the fewer are left, the fewer at a time. */
  function next(): SearchPart[] {
    const free = parts.filter((part) => !progress.isDone(part) && !dealt.has(partKey(part)));
    const size = Math.max(free.length / sharesEach, parts.length / mostEach) / places;
    return free.slice(0, Math.ceil(size));
  }

  async function searchParts(mine: readonly SearchPart[]): Promise<void> {
    for (const part of mine) dealt.add(partKey(part));
    const { algorithm, options, useCase, goal, seed } = task;
    const asked = { algorithm, algorithmOptions: options, useCase, goal, seed, seconds: shareSeconds };
    const subject = {
      task: { ...task, resume: search.state() },
      share: { exits: progress.exits + 1, parts: mine },
      space,
    };
    const { value } = await runner.run(shareKind, subject, asked, { job: ofShare, cache });
    search.merge(value);
    for (const part of mine) dealt.delete(partKey(part));
  }

  /** Searches for as long as there is something to search at this number of exits. */
  async function lane(): Promise<void> {
    while (!failure && !isOver) {
      const mine = next();
      if (mine.length === 0) return;
      await searchParts(mine).catch((cause) => {
        if (!isOver) failure ??= { cause };
      });
    }
  }

  while (progress.exits < maxExits && !isOver) {
    let isRunning = true;
    // One more than there are workers, so that a share waits for whoever is done.
    const lanes = Promise.all(Array.from({ length: places + 1 }, lane)).finally(() => {
      isRunning = false;
    });
    while (isRunning) {
      await Promise.race([lanes, delay(lookMs)]);
      await search.pause(job).then(
        (up) => {
          isOver ||= up;
        },
        (cause) => {
          failure ??= { cause };
        },
      );
    }
    if (failure) throw failure.cause;
    if (!isOver) progress.finishAll(progress.exits + 1);
  }
}
