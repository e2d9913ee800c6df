import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type FrontFile, frontFileSchema } from "../../../shared/files/front-file.ts";
import { type FrontSearch, type FrontTask, startFrontSearch } from "../search/front-search.ts";
import { checkpointFile, checkpointPlace, searchKey } from "../search/search-checkpoint.ts";
import type { StageContext } from "./stage-context.ts";

const file = "front.json";

/** Rises when fronts come to say more: older ones are made again. */
const edition = 3;

/** What a front search came to. */
export interface SearchedFront {
  readonly front: FrontFile;
  /** The search itself, if it was stopped and can be resumed. */
  readonly paused?: FrontSearch;
}

/**
 * Searches, runs the alternatives and the fixed schemes beside it, and recommends a plan for the use case. A search
 * that ended is kept in the cache; of one that was stopped or cancelled, where it was, and the next one continues there.
 * @param paused a search of the same task to resume
 */
export async function searchFront(
  { cache, job, runner }: StageContext,
  task: Omit<FrontTask, "resume" | "workers">,
  paused?: FrontSearch,
): Promise<SearchedFront> {
  const { inputs, options, onlyRecommends } = task;
  const request = {
    stage: "search",
    key: [edition, searchKey(inputs, options), ...(onlyRecommends ? ["recommended"] : [])],
    read: async (folder: string) =>
      frontFileSchema.parse(JSON.parse(await readFile(join(folder, file), "utf8"))),
  };
  const found = await cache.find(request, job);
  if (found) return { front: found.result };
  const workers = runner?.places && { runner, cache };
  const place = checkpointPlace(inputs, options);
  const search =
    paused ?? startFrontSearch({ ...task, workers, resume: (await cache.find(place, job))?.result });
  try {
    await search.advance(job, options.timeLimit);
  } finally {
    const checkpoint = search.isPaused() ? search.checkpoint() : undefined;
    if (checkpoint)
      await cache.replace({
        ...place,
        produce: (folder) => writeFile(join(folder, checkpointFile), JSON.stringify(checkpoint)),
      });
  }
  const front = await search.front(job);
  if (search.isPaused()) return { front, paused: search };
  const produce = (folder: string) => writeFile(join(folder, file), JSON.stringify(front));
  return { front: (await cache.get({ ...request, produce }, job)).result };
}
