import type { Job } from "../../../shared/base/job.ts";
import { dealShares, type SearchTree } from "../../../shared/search/engine/deal-shares.ts";
import { type StartSearch, startSearch } from "../../../shared/search/engine/run-search.ts";
import { limitTime } from "../base/limit-time.ts";
import { type SearchWorkers, searchOnWorkers } from "./search-on-workers.ts";
import { searchTogether, workerTask } from "./search-pool.ts";

/** How long a search runs alone, ms: until threads are started and warm takes half a second each, and most searches end sooner. */
const aloneMs = 2000;

/**
 * Searches that several threads share once they have run for a while, if the algorithm goes part by part and no budget
 * ends it. The front is the same on any number of threads, once it is proven.
 * @param threads how many search at once, at least 1
 * @param workers who shares it after a while, in place of these threads
 */
export function searchOnThreads(threads: number, workers?: SearchWorkers): StartSearch {
  return (task) => {
    const search = startSearch(task);
    if ((threads === 1 && !workers) || Number.isFinite(task.budget)) return search;

    async function advance(job: Job): Promise<boolean> {
      const alone = limitTime(job, aloneMs);
      let tree: SearchTree | undefined;
      while (!tree) {
        if (await search.advance(alone)) return true;
        if (job.isTimeUp?.()) return false;
        tree = search.split();
      }
      const own = workerTask(task, search.state());
      if (workers) await searchOnWorkers(search, tree, own, workers, job);
      else await searchTogether(search, dealShares(tree, threads), own, threads, job);
      // What is left, if all parts are done, is to notice it.
      return job.isTimeUp?.() ? false : search.advance(job);
    }

    return { advance, result: () => search.result(), state: () => search.state() };
  };
}
