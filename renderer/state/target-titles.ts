import { useMemo } from "react";
import { type TargetTitles, targetTitles } from "../../shared/presentation/words/target-titles.ts";
import { useDesign } from "./design-store.ts";
import { useProject } from "./project-store.ts";

/** How the project's targets are called in the window. */
export function useTargetTitles(): TargetTitles {
  const profiles = useProject(({ project }) => project?.profiles);
  const names = useDesign((design) => design.targetNames);
  return useMemo(() => targetTitles(profiles ?? [], names), [profiles, names]);
}

/** The same outside React. */
export function currentTargetTitles(): TargetTitles {
  return targetTitles(useProject.getState().project?.profiles ?? [], useDesign.getState().targetNames);
}
