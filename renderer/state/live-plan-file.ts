import { planFile, planText } from "../../shared/files/plan-file.ts";
import { networkOf } from "../../shared/files/project-view.ts";
import type { PartitionedPlan, Plan } from "../../shared/model/plan.ts";
import { classOffsetsOf } from "../../shared/space/class-offsets.ts";
import { call } from "./call.ts";
import { livePlanOf, useDesign } from "./design-store.ts";
import { notify, notifyError } from "./notice-store.ts";
import { tablesOf, useProject } from "./project-store.ts";

/** The live plan as `plan.json` has it; null without a project. */
export function livePlanFile(): Plan | null {
  return filedPlan(livePlanOf(useDesign.getState()));
}

/** Any plan of the open project's networks as `plan.json` has it; null without a project. */
export function filedPlan(plan: PartitionedPlan): Plan | null {
  const { project, ...calibrated } = useProject.getState();
  if (!project) return null;
  return planFile(project.backbone.sha256, plan, (exit) =>
    classOffsetsOf(networkOf(project, exit.member)?.heads ?? [], tablesOf(calibrated, exit.member), exit),
  );
}

/** Puts a plan, the live one if none is given, on the clipboard and says so. */
export async function copyPlan(plan = livePlanFile()): Promise<void> {
  if (!plan) return;
  try {
    await call("clipboard.write", { text: planText(plan) });
    notify("The plan is on the clipboard, as plan.json.", "good");
  } catch (error) {
    notifyError(error);
  }
}

/** Writes a plan, the live one if none is given, where the person wants it. */
export async function savePlan(plan = livePlanFile()): Promise<void> {
  if (!plan) return;
  try {
    const { path } = await call("file.save", { name: "plan.json", content: planText(plan) });
    if (path) notify(`Saved ${path}`, "good");
  } catch (error) {
    notifyError(error);
  }
}
