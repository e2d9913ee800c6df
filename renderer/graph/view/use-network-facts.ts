import { useMemo } from "react";
import { formatMs, formatPercent } from "../../../shared/base/format-number.ts";
import { statedChain } from "../../../shared/model/plan.ts";
import type { GraphNetwork } from "../../../shared/presentation/graph/graph-network.ts";
import { useLive } from "../../state/live-store.ts";
import { figuresOn } from "../../state/plan-store.ts";
import { useProject } from "../../state/project-store.ts";

/** What a network costs and delivers alone: `0.21 ms · 90.4 %`; undefined where it isn't known. */
export function useNetworkFacts({ sha256 }: GraphNetwork): string | undefined {
  const spaces = useLive((state) => state.partitionSpaces);
  const backbone = useProject(({ project }) => project?.backbone.sha256 ?? "");
  return useMemo(() => {
    const figures = figuresOn(spaces, { exits: [], chain: statedChain([sha256], backbone) });
    return figures ? `${formatMs(figures.latencyMs.mean)} · ${formatPercent(figures.accuracy)}` : undefined;
  }, [spaces, sha256, backbone]);
}
