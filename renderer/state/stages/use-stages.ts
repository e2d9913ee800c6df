import { type NextStep, nextStep } from "../../../shared/presentation/progress/next-step.ts";
import {
  type JobKind,
  type StageInputs,
  type StageName,
  type StageState,
  stageStates,
} from "../../../shared/presentation/progress/stage-state.ts";
import { useDesign } from "../design-store.ts";
import { useJobs } from "../job-store.ts";
import { useOpenProject, useProject } from "../project-store.ts";
import { draftOf, useDataForm } from "./data-form.ts";
import { useExportForm } from "./export-form.ts";

function useStageInputs(): StageInputs {
  const project = useOpenProject();
  const design = useDesign();
  const running = useJobs((jobs) => runningKinds(jobs).join());
  const form = useDataForm();
  const exported = useExportForm(({ result }) => result);
  return { project, design, running: running.split(",") as JobKind[], draft: draftOf(form), exported };
}

function runningKinds(jobs: ReturnType<typeof useJobs.getState>): JobKind[] {
  return Object.values(jobs).flatMap((job) => job?.kind ?? []);
}

/** How each stage of the open project stands. */
export function useStages(): Readonly<Record<StageName, StageState>> {
  return stageStates(useStageInputs());
}

/** What has to be done next in the open project. */
export function useNextStep(): NextStep | null {
  return nextStep(useStageInputs());
}

/** The same, for what doesn't show it. */
export function currentNextStep(): NextStep | null {
  const { project } = useProject.getState();
  if (!project) return null;
  return nextStep({
    project,
    design: useDesign.getState(),
    running: runningKinds(useJobs.getState()),
    draft: draftOf(useDataForm.getState()),
    exported: useExportForm.getState().result,
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
    case "gone":
      return "not there";
    default:
      return state.kind;
  }
}
