import { useMemo } from "react";
import type { ProjectView } from "../../shared/files/project-view.ts";
import type { PlanFigures } from "../../shared/model/plan.ts";
import type { DesignSpace } from "../../shared/space/design-space.ts";
import { useLive } from "./live-store.ts";
import { figuresOn } from "./plan-store.ts";
import { useProject } from "./project-store.ts";

/** A further network of the project that answers all samples by itself. */
export interface NetworkAlone {
  readonly sha256: string;
  readonly figures: PlanFigures;
}

/** Those that are calibrated and timed on the chosen target; the very same list until that changes. */
export function useNetworksAlone(): readonly NetworkAlone[] {
  const members = useProject(({ project }) => project?.members);
  const partitionSpaces = useLive((state) => state.partitionSpaces);
  return useMemo(() => networksOn(members ?? [], partitionSpaces), [members, partitionSpaces]);
}

export function currentNetworksAlone(): readonly NetworkAlone[] {
  return networksOn(useProject.getState().project?.members ?? [], useLive.getState().partitionSpaces);
}

function networksOn(
  members: ProjectView["members"],
  partitionSpaces: readonly DesignSpace[],
): NetworkAlone[] {
  return members.flatMap(({ backbone: { sha256 } }) => {
    const figures = figuresOn(partitionSpaces, { exits: [], chain: [sha256] });
    return figures ? [{ sha256, figures }] : [];
  });
}
