import type { StageName } from "../../shared/presentation/progress/stage-state.ts";
import type { HandlersOf } from "../state/commands.ts";
import { useJobs } from "../state/job-store.ts";
import { hasProject } from "../state/project-store.ts";
import { canOrderClasses } from "../state/stages/class-order.ts";
import { canQuantise } from "../state/stages/quantise.ts";
import { canRunAll, runAll, stopAll } from "../state/stages/run-all.ts";
import { hasRuns } from "../state/stages/training-runs.ts";
import { canTune } from "../state/stages/tuning.ts";
import { openDialog, openHeads, togglePanel } from "../state/view-store.ts";

const panel = (name: StageName) => ({ enabled: hasProject, run: () => togglePanel(name) });

export const stageCommands: HandlersOf<"stages"> = {
  "stages.model": panel("model"),
  "stages.data": panel("data"),
  "stages.heads": panel("heads"),
  "stages.profile": panel("profile"),
  "stages.search": panel("search"),
  "stages.export": panel("export"),
  "stages.classOrder": { enabled: canOrderClasses, run: () => openDialog("classOrder") },
  "stages.tune": { enabled: canTune, run: () => openHeads("tuning") },
  "stages.runs": { enabled: hasRuns, run: () => openDialog("runs") },
  "stages.quantise": { enabled: canQuantise, run: () => openDialog("quantise") },
  "stages.runAll": { enabled: canRunAll, run: () => void runAll() },
  "stages.stopAll": {
    enabled: () => Object.values(useJobs.getState()).some(Boolean),
    run: stopAll,
  },
};
