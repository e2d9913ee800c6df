/** The thread that takes part in a search: see `search-pool.ts`, which starts it. */
import { parentPort, workerData } from "node:worker_threads";
import type { Job } from "../../../shared/base/job.ts";
import type { SearchShare } from "../../../shared/search/engine/deal-shares.ts";
import { startSearch } from "../../../shared/search/engine/run-search.ts";
import { searchAlgorithmById } from "../../../shared/search/index.ts";
import { eventLoopTurns } from "../base/event-loop.ts";
import type { WorkerOrder, WorkerReport, WorkerTask } from "./search-pool.ts";

/** Shortest time between two reports on one share, ms. */
const reportMs = 50;

const task = workerData as WorkerTask;
const search = startSearch({ ...task, algorithm: searchAlgorithmById(task.algorithm) });
const turn = eventLoopTurns();
let lastReport = 0;

const job: Job = {
  report: () => {},
  async pause() {
    await turn();
    if (performance.now() - lastReport >= reportMs) report(false);
  },
};

function report(isFree: boolean): void {
  lastReport = performance.now();
  parentPort!.postMessage({ update: search.takeUpdate(), isFree } satisfies WorkerReport);
}

async function work(share: SearchShare): Promise<void> {
  search.assign(share);
  await search.advance(job);
  report(true);
}

// What others have found comes in at pauses, between two questions of the search.
parentPort!.on("message", (order: WorkerOrder) => {
  if (order.update) search.merge(order.update);
  if (order.share) void work(order.share);
});
