import { isBackbone } from "../../shared/model/plan.ts";
import { currentRecommended } from "../state/best-plan.ts";
import type { HandlersOf } from "../state/commands.ts";
import { clearPlan, livePlanOf, useDesign } from "../state/design-store.ts";
import { copyPlan } from "../state/live-plan-file.ts";
import { useLive } from "../state/live-store.ts";
import { notifyError } from "../state/notice-store.ts";
import { pinPlan } from "../state/pinning.ts";
import { usePlans } from "../state/plan-store.ts";
import { hasProject } from "../state/project-store.ts";
import { canTryCorrupted, tryCorrupted } from "../state/robustness.ts";
import { takeRecommended } from "../state/take-recommended.ts";
import { openDialog, useView } from "../state/view-store.ts";
import { exportPlans } from "./export-plans.ts";

const hasFigures = () => useLive.getState().figures !== null;

export const planCommands: HandlersOf<"plans"> = {
  "plans.pin": {
    enabled: hasFigures,
    run: () => pinPlan(useView.getState().hovered ?? livePlanOf(useDesign.getState())),
  },
  "plans.compare": { enabled: hasFigures, run: () => openDialog("compare") },
  "plans.takeBest": {
    enabled: () => currentRecommended() !== null,
    run: () => {
      const recommended = currentRecommended();
      if (recommended) takeRecommended(recommended);
    },
  },
  "plans.tryCorrupted": { enabled: canTryCorrupted, run: () => void tryCorrupted() },
  "plans.clear": {
    enabled: () => !isBackbone(useDesign.getState()),
    run: clearPlan,
  },
  "plans.copyJson": { enabled: hasProject, run: () => void copyPlan() },
  "plans.exportCsv": {
    enabled: () => usePlans.getState().plans.length > 0,
    run: () => void exportPlans().catch(notifyError),
  },
};
