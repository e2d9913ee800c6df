/** The thread that takes part in a search: see `search-crew.ts`, which starts it. */
import { parentPort, workerData } from "node:worker_threads";
import type { Job } from "../../../shared/base/job.ts";
import type { SearchShare } from "../../../shared/search/engine/deal-shares.ts";
import { startSearch } from "../../../shared/search/engine/run-search.ts";
import { searchAlgorithmById } from "../../../shared/search/index.ts";
import { eventLoopTurns } from "../base/event-loop.ts";
import type { CrewOrder, CrewReport, SearchErrand } from "./search-crew.ts";

/** Shortest time between two reports on one share, ms. */
const reportMs = 50;

const { space, algorithm, settings, state } = workerData as SearchErrand;
const search = startSearch(space, searchAlgorithmById(algorithm), settings, undefined, state);
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
  parentPort!.postMessage({ news: search.takeNews(), isFree } satisfies CrewReport);
}

async function work(share: SearchShare): Promise<void> {
  search.takeOn(share);
  await search.advance(job);
  report(true);
}

// What others have found comes in at pauses, between two questions of the search.
parentPort!.on("message", (order: CrewOrder) => {
  if (order.news) search.learn(order.news);
  if (order.share) void work(order.share);
});
