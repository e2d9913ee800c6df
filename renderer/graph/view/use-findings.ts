import { useMemo } from "react";
import { useBlocks } from "../../state/current-graph.ts";
import { findOperators, type Match } from "../geometry/find-operators.ts";
import { useGraph } from "./graph-store.ts";
import { type Found, nothingFound } from "./marks.ts";

export function useMatches(): readonly Match[] {
  const blocks = useBlocks();
  const query = useGraph(({ find }) => find?.query ?? "");
  return useMemo(() => findOperators(blocks, query), [blocks, query]);
}

/** What the find bar has found, for marking it. */
export function useFindings(): Found {
  const matches = useMatches();
  const current = useGraph(({ find }) => find?.current ?? 0);
  return useMemo(() => {
    if (matches.length === 0) return nothingFound;
    const blocks = new Map<number, number>();
    for (const { block } of matches) blocks.set(block.index, (blocks.get(block.index) ?? 0) + 1);
    return {
      blocks,
      operators: new Set(matches.map(({ node }) => node.name)),
      current: matches[current]?.node.name,
    };
  }, [matches, current]);
}
