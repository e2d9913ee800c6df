import type { Job } from "../../../shared/base/job.ts";

/** As many are under way at once: enough for the disk, few enough for the system's table of open files. */
const groupSize = 128;

/**
 * Does the same with each of many things for which the disk is asked: one after the other a folder of a hundred thousand
 * links takes a minute.
 * @param job is asked between groups whether to continue
 * @returns in the order of `items`
 */
export async function inGroups<Item, Result>(
  items: readonly Item[],
  each: (item: Item) => Result | Promise<Result>,
  job?: Job,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += groupSize) {
    for (const result of await Promise.all(items.slice(start, start + groupSize).map(each)))
      results.push(result);
    await job?.pause();
  }
  return results;
}
