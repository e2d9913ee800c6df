import type { ProjectView } from "../../shared/files/project-view.ts";
import { useProject } from "./project-store.ts";

/** Calls back when another file is opened or the last one closed, not when a stage changes or a save renames it. */
export function onProjectOpened(listener: (project: ProjectView | null) => void): void {
  useProject.subscribe((state, before) => {
    const another = state.project?.backbone !== before.project?.backbone;
    if (another && !state.stagesChanged) listener(state.project);
  });
}
