import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { dealShares, type SearchShare, type SearchTree } from "../../../shared/search/engine/deal-shares.ts";
import type { SearchSettings, SharedSearch } from "../../../shared/search/engine/run-search.ts";
import type { SearchNews, SearchState } from "../../../shared/search/engine/search-state.ts";
import type { SearchSpace } from "../../../shared/space/search-space.ts";
import { packageRoot } from "../base/assets.ts";

/** What a thread is started with. */
export interface SearchErrand {
  readonly space: SearchSpace;
  /** Id of the algorithm. */
  readonly algorithm: string;
  readonly settings: SearchSettings;
  /** Where the search stands that it takes part in. */
  readonly state: SearchState | undefined;
}

/** What a thread is told: what others have found, or what to search next. */
export interface CrewOrder {
  readonly news?: SearchNews;
  readonly share?: SearchShare;
}

/** What a thread tells. */
export interface CrewReport {
  readonly news: SearchNews;
  /** Whether its share is done, so that it can have another. */
  readonly isFree: boolean;
}

/** How often the job hears of a search that others do, and can stop it, ms. */
const restMs = 50;

/**
 * Has threads search the parts of a search, each with the best plans that any has found, until all parts are done or
 * the job's time is up. The search itself learns all that they tell, so it can go on from wherever they are stopped.
 * @throws AppError 'cancelled'; 'engine-crashed' if a thread died
 */
export async function searchTogether(
  search: SharedSearch,
  tree: SearchTree,
  errand: SearchErrand,
  threads: number,
  job: Job,
): Promise<void> {
  const deal = dealShares(tree, threads);
  const code = await workerCode();
  const workers = Array.from(
    { length: threads },
    () => new Worker(code, { eval: true, workerData: errand, execArgv: [] }),
  );
  const idle = new Set(workers);
  let failure: AppError | undefined;
  let wake = () => {};

  function hear(worker: Worker, { news, isFree }: CrewReport): void {
    search.learn(news);
    if (news.found.length > 0)
      tell(
        workers.filter((other) => other !== worker),
        { news: { ...news, finished: [], evaluations: 0 } },
      );
    if (isFree) idle.add(worker);
    dealToIdle();
    if (idle.size === workers.length) wake();
  }

  function dealToIdle(): void {
    for (const worker of idle) {
      const share = deal();
      if (!share) return;
      idle.delete(worker);
      tell([worker], { share });
    }
  }

  function fail(reason: string): void {
    failure ??= new AppError(
      "engine-crashed",
      `a thread of the search ended (${reason}); run the search again, on fewer threads if it recurs`,
    );
    wake();
  }

  for (const worker of workers) {
    worker.on("message", (report: CrewReport) => hear(worker, report));
    worker.on("error", (cause) => fail(cause.message));
    worker.on("exit", (status) => fail(`code ${status}`));
  }
  try {
    dealToIdle();
    while (idle.size < workers.length) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, restMs);
      });
      if (failure) throw failure;
      if (await search.rest(job)) return;
    }
  } finally {
    // Not waited for: a thread that is still being started ends when it has started.
    for (const worker of workers) void worker.terminate();
  }
}

function tell(workers: readonly Worker[], order: CrewOrder): void {
  for (const worker of workers) worker.postMessage(order);
}

/** The built thread, as text: it may lie in a packaged app's archive, which threads can't open files of. */
async function workerCode(): Promise<string> {
  const path = join(packageRoot(), "dist", "engine", "search-worker.cjs");
  return readFile(path, "utf8").catch((cause) => {
    throw new AppError("internal", `${path} can't be read; run \`npm run build\``, {}, { cause });
  });
}
