import { Worker } from "node:worker_threads";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { SearchShare } from "../../../shared/search/engine/deal-shares.ts";
import type { SharedSearch } from "../../../shared/search/engine/run-search.ts";
import type { SearchState, SearchUpdate } from "../../../shared/search/engine/search-state.ts";
import type { SearchTask } from "../../../shared/search/engine/search-task.ts";
import { threadCode } from "../base/assets.ts";

/** What a worker is started with: a task that can be sent. */
export interface WorkerTask extends Omit<SearchTask, "algorithm" | "observer"> {
  /** Its id. */
  readonly algorithm: string;
}

/** @param resume where the search stands that the worker takes part in */
export function workerTask(
  { algorithm, observer, ...task }: SearchTask,
  resume: SearchState | undefined,
): WorkerTask {
  return { ...task, algorithm: algorithm.id, resume };
}

/** What a worker is told: what others have found, or what to search next. */
export interface WorkerOrder {
  readonly update?: SearchUpdate;
  readonly share?: SearchShare;
}

/** What a worker tells. */
export interface WorkerReport {
  readonly update: SearchUpdate;
  /** Whether its share is done, so that it can have another. */
  readonly isFree: boolean;
}

/** How often the job hears of a search that others do, and can stop it, ms. */
const intervalMs = 50;

/**
 * Has workers search the parts of a search, each with the best plans that any has found, until nothing is left to deal or
 * the job's time is up. The search itself merges all their updates, so it can continue from wherever they are stopped.
 * @param deal the next share, see `dealShares`
 * @throws AppError 'cancelled'; 'engine-crashed' if a thread died
 */
export async function searchTogether(
  search: Pick<SharedSearch, "merge" | "pause">,
  deal: () => SearchShare | undefined,
  task: WorkerTask,
  threads: number,
  job: Job,
): Promise<void> {
  const code = threadCode("search-worker");
  const workers = Array.from(
    { length: threads },
    () => new Worker(code, { eval: true, workerData: task, execArgv: [] }),
  );
  const idle = new Set(workers);
  let failure: AppError | undefined;
  let wake = () => {};

  function hear(worker: Worker, { update, isFree }: WorkerReport): void {
    search.merge(update);
    if (update.found.length > 0)
      tell(
        workers.filter((other) => other !== worker),
        { update: { ...update, finished: [], evaluations: 0 } },
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
    worker.on("message", (report: WorkerReport) => hear(worker, report));
    worker.on("error", (cause) => fail(cause.message));
    worker.on("exit", (status) => fail(`code ${status}`));
  }
  try {
    dealToIdle();
    while (idle.size < workers.length) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, intervalMs);
      });
      if (failure) throw failure;
      if (await search.pause(job)) return;
    }
  } finally {
    // Not waited for: a thread that is still being started ends when it has started.
    for (const worker of workers) void worker.terminate();
  }
}

function tell(workers: readonly Worker[], order: WorkerOrder): void {
  for (const worker of workers) worker.postMessage(order);
}
