import { uncalibratedExits } from "../../shared/presentation/words/ready-exits.ts";
import { useProject } from "./project-store.ts";

/** How many exits came with the open project's backbone that have still to be calibrated. */
export function useUncalibratedExits(): number {
  return useProject(({ project }) => (project ? uncalibratedExits(project).length : 0));
}
