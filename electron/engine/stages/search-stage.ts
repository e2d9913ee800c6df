import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type FrontFile, frontFileSchema } from "../../../shared/files/front-file.ts";
import type { SearchOptions } from "../../../shared/model/stage-options.ts";
import { startFrontSearch } from "../search/front-search.ts";
import { type LeftSearch, leftFile, leftSearchPlace, searchKey } from "../search/left-search.ts";
import type { SearchInputs } from "../search/search-inputs.ts";
import type { StageContext } from "./stage-context.ts";

const file = "front.json";

/**
 * Searches, runs the alternatives and the fixed schemes for comparison, and recommends a plan for the use case. A search
 * that ended is kept in the cache; of one that was stopped or cancelled, its state, and the next one continues there.
 * @param begin starts the search, from where another was left if one was
 */
export async function searchFront(
  { cache, job }: StageContext,
  inputs: SearchInputs,
  options: SearchOptions,
  begin = (from?: LeftSearch) => startFrontSearch(inputs, options, undefined, from),
): Promise<FrontFile> {
  const request = {
    stage: "search",
    key: searchKey(inputs, options),
    read: async (folder: string) =>
      frontFileSchema.parse(JSON.parse(await readFile(join(folder, file), "utf8"))),
  };
  const found = await cache.find(request, job);
  if (found) return found.result;
  const place = leftSearchPlace(inputs, options);
  const search = begin((await cache.find(place, job))?.result);
  try {
    await search.advance(job, options.timeLimit);
  } finally {
    const left = search.isPaused() ? search.left() : undefined;
    if (left)
      await cache.replace({
        ...place,
        produce: (folder) => writeFile(join(folder, leftFile), JSON.stringify(left)),
      });
  }
  const front = await search.front(job);
  if (search.isPaused()) return front;
  const produce = (folder: string) => writeFile(join(folder, file), JSON.stringify(front));
  return (await cache.get({ ...request, produce }, job)).result;
}
