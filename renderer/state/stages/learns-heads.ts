import { networkViews } from "../../../shared/files/project-view.ts";
import { useProject } from "../project-store.ts";
import { learnsHeads, useHeadsForm } from "./heads-form.ts";

/** Whether a training of the open project as the form says trains heads, or only calibrates exits that came with the network. */
export function useLearnsHeads(): boolean {
  const project = useProject((state) => state.project);
  const form = useHeadsForm();
  return learnsHeads(
    form,
    networkViews(project).map(({ backbone }) => backbone),
  );
}
