import { useDesign } from "./design-store.ts";
import { isEdited, useProject } from "./project-store.ts";

/** Whether there are changes that are not saved. */
export function useEdited(): boolean {
  // Both stores are watched; the answer is worked out from what they hold now, and only another one draws again.
  useProject(isEdited);
  return useDesign(isEdited);
}
