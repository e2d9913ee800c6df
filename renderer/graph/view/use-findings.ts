import { useMemo } from "react";
import { useOrderedNetworks } from "../../state/current-graph.ts";
import { blockId, operatorId } from "../geometry/element-ids.ts";
import { findOperators, type Match } from "../geometry/find-operators.ts";
import { useGraph } from "./graph-store.ts";
import { type Found, nothingFound } from "./marks.ts";

export function useMatches(): readonly Match[] {
  const networks = useOrderedNetworks();
  const query = useGraph(({ find }) => find?.query ?? "");
  return useMemo(
    () =>
      findOperators(
        networks.flatMap(({ blocks }) => blocks),
        query,
      ),
    [networks, query],
  );
}

/** What the find bar has found, for marking it. */
export function useFindings(): Found {
  const matches = useMatches();
  const current = useGraph(({ find }) => find?.current ?? 0);
  return useMemo(() => {
    if (matches.length === 0) return nothingFound;
    const blocks = new Map<string, number>();
    for (const { block } of matches) blocks.set(blockId(block), (blocks.get(blockId(block)) ?? 0) + 1);
    const idOf = ({ block, node }: Match) => operatorId(block.member, node.name);
    return {
      blocks,
      operators: new Set(matches.map(idOf)),
      current: matches[current] && idOf(matches[current]),
    };
  }, [matches, current]);
}
