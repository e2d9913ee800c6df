import { useJobs } from "../state/job-store.ts";
import { useProject } from "../state/project-store.ts";
import { canRunAll, runAll, stopAll } from "../state/stages/run-all.ts";
import { panelNames, useView } from "../state/view-store.ts";
import type { Command } from "../ui/command.ts";
import { togglePanel } from "./Rail.tsx";
import { stageTitles } from "./use-stages.ts";

const hasProject = () => useProject.getState().project !== null;

/** Whether there is what an export needs. */
function canExport(): boolean {
  const { project } = useProject.getState();
  return project !== null && project.heads.length > 0 && project.profiles.length > 0;
}

export const pipelineCommands: readonly Command[] = [
  ...panelNames.map(
    (name, index): Command => ({
      id: `pipeline.${name}`,
      title: `${stageTitles[name]} panel`,
      group: "Stages",
      keys: `Mod+${index + 1}`,
      enabled: hasProject,
      run: () => togglePanel(name),
    }),
  ),
  {
    id: "pipeline.runAll",
    title: "Run all: train, profile, search",
    group: "Stages",
    enabled: canRunAll,
    run: () => void runAll(),
  },
  {
    id: "pipeline.stopAll",
    title: "Stop everything that runs",
    group: "Stages",
    enabled: () => Object.values(useJobs.getState()).some(Boolean),
    run: stopAll,
  },
  {
    id: "file.export",
    title: "Export…",
    group: "File",
    keys: "Mod+E",
    enabled: canExport,
    run: () => useView.setState({ dialog: "export" }),
  },
];
