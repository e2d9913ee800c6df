import { useMemo } from "react";
import type { BackboneSummary } from "../../shared/model/backbone.ts";
import type { Profile } from "../../shared/model/profile.ts";
import { type Block, divideIntoBlocks } from "../../shared/presentation/graph/blocks.ts";
import { useProject } from "./project-store.ts";
import { targetProfile, useTargetProfile } from "./target-profile.ts";

let last: { backbone: BackboneSummary; profile: Profile | undefined; blocks: readonly Block[] } | undefined;

/** Blocks with the latencies of the chosen target; worked out once for each. */
function blocksOf(backbone: BackboneSummary, profile: Profile | undefined): readonly Block[] {
  if (last?.backbone !== backbone || last.profile !== profile)
    last = { backbone, profile, blocks: divideIntoBlocks(backbone, profile) };
  return last.blocks;
}

/** Of the open project; empty without one. */
export function currentBlocks(): readonly Block[] {
  const { project } = useProject.getState();
  return project ? blocksOf(project.backbone, targetProfile()) : [];
}

/** Blocks of the open project; the selection names them by `id`. */
export function useBlocks(): readonly Block[] {
  const backbone = useProject(({ project }) => project?.backbone);
  const profile = useTargetProfile();
  return useMemo(() => (backbone ? blocksOf(backbone, profile) : []), [backbone, profile]);
}
