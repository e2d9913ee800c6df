import type { Job } from "../../../shared/base/job.ts";
import type { SearchTree } from "../../../shared/search/engine/deal-shares.ts";
import { type StartSearch, startSearch } from "../../../shared/search/engine/run-search.ts";
import { limitTime } from "../base/limit-time.ts";
import { searchTogether, workerTask } from "./search-pool.ts";

/** How long a search runs alone, ms: until threads are started and warm takes half a second each, and most searches end sooner. */
const aloneMs = 2000;

/**
 * Searches that several threads share once they have run for a while, if the algorithm goes part by part and no budget
 * ends it. The front is the same on any number of threads, once it is proven.
 * @param threads how many search at once, at least 1
 */
export function searchOnThreads(threads: number): StartSearch {
  return (task) => {
    const search = startSearch(task);
    if (threads === 1 || Number.isFinite(task.budget)) return search;

    async function advance(job: Job): Promise<boolean> {
      const alone = limitTime(job, aloneMs);
      let tree: SearchTree | undefined;
      while (!tree) {
        if (await search.advance(alone)) return true;
        if (job.isTimeUp?.()) return false;
        tree = search.split();
      }
      await searchTogether(search, tree, workerTask(task, search.state()), threads, job);
      // What is left, if all parts are done, is to notice it.
      return job.isTimeUp?.() ? false : search.advance(job);
    }

    return { advance, result: () => search.result(), state: () => search.state() };
  };
}
