import { partKey, type SearchPart, type SearchProgress } from "./search-progress.ts";

/** What one of several that search together does next: all plans of up to `exits` exits in some parts. */
export interface SearchShare {
  readonly exits: number;
  readonly parts: readonly SearchPart[];
}

/** The parts that a search consists of, by falling upper bound on what they may gain, and what is done of them. */
export interface SearchTree {
  readonly parts: readonly SearchPart[];
  readonly progress: SearchProgress;
  readonly maxExits: number;
}

/** Parts are of unequal size: shares are small, so that nobody waits long for the last one. */
const MAX_PARTS = 8;
const SHARES_EACH = 8;

/**
 * Deals out a search to several, plans of one more exit at a time, as whoever searches alone does.
 * @param workers how many search
 * @returns the next share; nothing if all is dealt, or if the rest has to wait for shares that are not finished
 */
export function dealShares(tree: SearchTree, workers: number): () => SearchShare | undefined {
  const { parts, progress, maxExits } = tree;
  const dealt = new Set<string>();

  return () => {
    while (progress.exits < maxExits) {
      const open = parts.filter((part) => !progress.isDone(part));
      const free = open.filter((part) => !dealt.has(partKey(part)));
      if (free.length > 0) {
        const size = Math.min(MAX_PARTS, Math.ceil(free.length / (SHARES_EACH * workers)));
        const share = free.slice(0, size);
        for (const part of share) dealt.add(partKey(part));
        return { exits: progress.exits + 1, parts: share };
      }
      if (open.length > 0) return undefined;
      progress.finishAll(progress.exits + 1);
      dealt.clear();
    }
    return undefined;
  };
}
