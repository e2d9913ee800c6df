import { useCallback } from "react";
import type { ProjectView } from "../../shared/domain/project-view.ts";
import { useProject } from "../stores/project-store.ts";

/** A cut point in short: its number along the backbone, as `cut 7`; its tensor if the backbone lacks it. */
export function cutPointName(project: ProjectView | null, tensor: string): string {
  const cut = project?.backbone.cutPoints.find((point) => point.tensor === tensor);
  return cut ? `cut ${cut.index + 1}` : tensor;
}

export function useCutPointNames(): (tensor: string) => string {
  const project = useProject((state) => state.project);
  return useCallback((tensor) => cutPointName(project, tensor), [project]);
}
