import type { FrontFile } from "../../../shared/files/front-file.ts";
import type { FrontSearch } from "../search/front-search.ts";

/** A search that has not ended, and what it searches. */
export interface PausedSearch {
  readonly search: FrontSearch;
  /** Hash of its inputs and options: a request for the same continues it. */
  readonly key: string;
}

/** By the front that they left: once that one is replaced, nobody can resume its search. */
const paused = new WeakMap<FrontFile, PausedSearch>();

export function pausedSearch(front: FrontFile): PausedSearch | undefined {
  return paused.get(front);
}

/** Keeps a search as long as the front that it has made so far. */
export function pauseSearch(front: FrontFile, search: PausedSearch): void {
  paused.set(front, search);
}
