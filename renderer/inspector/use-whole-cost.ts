import { useMemo } from "react";
import { useDesign } from "../state/design-store.ts";
import { useProject } from "../state/project-store.ts";
import type { WholeCost } from "./cost-facts.ts";

/** What the backbone costs, on the chosen target. */
export function useWholeCost(): WholeCost {
  const backbone = useProject(({ project }) => project?.backbone);
  const target = useDesign((state) => state.target);
  const nodes = useProject(({ project }) => project?.profiles[target]?.nodes);
  return useMemo(
    () => ({
      macs: backbone?.macs ?? 0,
      parameters: backbone?.parameters ?? 0,
      latencyMs: nodes?.reduce((sum, { meanMs }) => sum + meanMs, 0),
    }),
    [backbone, nodes],
  );
}
