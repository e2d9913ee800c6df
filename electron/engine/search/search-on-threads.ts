import type { Job } from "../../../shared/base/job.ts";
import type { SearchTree } from "../../../shared/search/engine/deal-shares.ts";
import { type StartSearch, startSearch } from "../../../shared/search/engine/run-search.ts";
import { searchTogether } from "./search-crew.ts";

/** How long a search goes on alone, ms: until threads are started and warm takes half a second each, and most searches end sooner. */
const aloneMs = 2000;

/**
 * Searches that several threads share once they have run for a while, if the algorithm goes part by part and no budget
 * ends it. The front is the same on any number of threads, once it is proven.
 * @param threads how many search at once, at least 1
 */
export function searchOnThreads(threads: number): StartSearch {
  return (space, algorithm, settings, observer, from) => {
    const search = startSearch(space, algorithm, settings, observer, from);
    const isShared = threads > 1 && !Number.isFinite(settings.budget);

    async function advance(job: Job): Promise<boolean> {
      if (!isShared) return search.advance(job);
      const started = performance.now();
      const isTimeUp = () => job.isTimeUp?.() === true || performance.now() - started > aloneMs;
      let tree: SearchTree | undefined;
      while (!tree) {
        if (await search.advance({ ...job, isTimeUp })) return true;
        if (job.isTimeUp?.()) return false;
        tree = search.handOut();
      }
      const errand = { space, algorithm: algorithm.id, settings, state: search.state() };
      await searchTogether(search, tree, errand, threads, job);
      // What is left, if all parts are done, is to notice it.
      return job.isTimeUp?.() ? false : search.advance(job);
    }

    return { advance, result: search.result, state: search.state };
  };
}
