import {
  type JobKind,
  type StageName,
  type StageState,
  stageStates,
} from "../../shared/presentation/progress/stage-state.ts";
import { useDesign } from "../state/design-store.ts";
import { useJobs } from "../state/job-store.ts";
import { useOpenProject } from "../state/project-store.ts";
import { draftOf, useDataForm } from "../state/stages/data-form.ts";
import { useExportForm } from "../state/stages/export-form.ts";

/** How each stage of the open project stands. */
export function useStages(): Readonly<Record<StageName, StageState>> {
  const project = useOpenProject();
  const design = useDesign();
  const running = useJobs((jobs) =>
    Object.values(jobs)
      .map((job) => job?.kind)
      .filter(Boolean)
      .join(),
  );
  const form = useDataForm();
  const exported = useExportForm(({ result }) => result);
  return stageStates({
    project,
    design,
    running: running.split(",") as JobKind[],
    draft: draftOf(form),
    exported,
  });
}

export const stageTitles: Readonly<Record<StageName, string>> = {
  model: "Model",
  data: "Data",
  heads: "Heads",
  profile: "Profile",
  search: "Search",
  export: "Export",
};

/** A stage's state in a few words. */
export function stateWords(state: StageState): string {
  switch (state.kind) {
    case "needs-you":
      return "needs you";
    case "waiting":
      return `waits for ${stageTitles[state.for]}`;
    default:
      return state.kind;
  }
}
