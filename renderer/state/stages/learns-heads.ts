import { useProject } from "../project-store.ts";
import { learnsHeads, useHeadsForm } from "./heads-form.ts";

/** Whether a training of the open project as the form says trains heads, or only calibrates exits that came with the network. */
export function useLearnsHeads(): boolean {
  const backbone = useProject(({ project }) => project?.backbone);
  const form = useHeadsForm();
  return backbone === undefined || learnsHeads(form, backbone);
}
