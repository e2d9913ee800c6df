import { useMemo } from "react";
import { formatMs, formatPercent } from "../../../shared/base/format-number.ts";
import { figuresOf } from "../../../shared/evaluate/live/place-exits.ts";
import { statedChain } from "../../../shared/model/plan.ts";
import type { GraphNetwork } from "../../../shared/presentation/graph/graph-network.ts";
import { findSpace } from "../../../shared/space/design-space.ts";
import { useLive } from "../../state/live-store.ts";
import { useProject } from "../../state/project-store.ts";

/** What a network costs and delivers alone: `0.21 ms · 90.4 %`; undefined where it isn't known. */
export function useNetworkFacts({ sha256 }: GraphNetwork): string | undefined {
  const spaces = useLive((state) => state.partitionSpaces);
  const backbone = useProject(({ project }) => project?.backbone.sha256 ?? "");
  return useMemo(() => {
    const space = findSpace(spaces, { chain: statedChain([sha256], backbone) })?.space;
    const figures = space && figuresOf(space, []);
    return figures ? `${formatMs(figures.latencyMs.mean)} · ${formatPercent(figures.accuracy)}` : undefined;
  }, [spaces, sha256, backbone]);
}
