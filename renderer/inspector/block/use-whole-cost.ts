import { useMemo } from "react";
import { useProject } from "../../state/project-store.ts";
import { useTargetProfile } from "../../state/target-profile.ts";
import type { WholeCost } from "./cost-facts.ts";

/** What the backbone costs, on the chosen target. */
export function useWholeCost(): WholeCost {
  const backbone = useProject(({ project }) => project?.backbone);
  const nodes = useTargetProfile()?.nodes;
  return useMemo(
    () => ({
      macs: backbone?.macs ?? 0,
      parameters: backbone?.parameters ?? 0,
      latencyMs: nodes?.reduce((sum, { meanMs }) => sum + meanMs, 0),
    }),
    [backbone, nodes],
  );
}
