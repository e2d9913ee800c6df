import { statedExits } from "../../shared/space/plan-exits.ts";
import { currentBestPlan } from "../state/best-plan.ts";
import { call } from "../state/call.ts";
import type { HandlersOf } from "../state/commands.ts";
import { livePlanOf, setExits, takePlan, useDesign } from "../state/design-store.ts";
import { classOffsetsOf } from "../state/live/class-offsets.ts";
import { useLive } from "../state/live-store.ts";
import { notify, notifyError } from "../state/notice-store.ts";
import { pinPlan } from "../state/pinning.ts";
import { usePlans } from "../state/plan-store.ts";
import { hasProject, useProject } from "../state/project-store.ts";
import { openDialog, useView } from "../state/view-store.ts";
import { exportPlans } from "./export-plans.ts";
import { planJson } from "./plan-json.ts";

const hasFigures = () => useLive.getState().figures !== null;

export const planCommands: HandlersOf<"plans"> = {
  "plans.pin": {
    enabled: hasFigures,
    run: () => pinPlan(useView.getState().hovered ?? livePlanOf(useDesign.getState())),
  },
  "plans.compare": { enabled: hasFigures, run: () => openDialog("compare") },
  "plans.takeBest": {
    enabled: () => currentBestPlan() !== null,
    run: () => takePlan(currentBestPlan()!.plan),
  },
  "plans.clear": {
    enabled: () => useDesign.getState().exits.length > 0,
    run: () => setExits([]),
  },
  "plans.copyJson": { enabled: hasProject, run: () => void copyJson() },
  "plans.exportCsv": {
    enabled: () => usePlans.getState().plans.length > 0,
    run: () => void exportPlans().catch(notifyError),
  },
};

async function copyJson(): Promise<void> {
  const { project, tables } = useProject.getState();
  if (!project) return;
  const { exits, offload } = useDesign.getState();
  const stated = statedExits(exits, (exit) => classOffsetsOf(project, tables, exit));
  try {
    await call("clipboard.write", { text: planJson(project.backbone.sha256, stated, offload?.cut) });
    notify("The plan is on the clipboard, as plan.json.", "good");
  } catch (error) {
    notifyError(error);
  }
}
