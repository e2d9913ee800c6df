import { create } from "zustand";
import type { Response } from "../../shared/ipc/channels.ts";
import { type PartitionedPlan, wayOf } from "../../shared/model/plan.ts";
import { call } from "./call.ts";
import { useDesign } from "./design-store.ts";
import { runJob } from "./job-store.ts";
import { notify, notifyError } from "./notice-store.ts";
import { setPanes } from "./panes.ts";
import { hasProject, useProject } from "./project-store.ts";
import { takeFound } from "./take-found.ts";
import { targetProfile } from "./target-profile.ts";
import { select } from "./view-store.ts";

/** Counts of a plan in the field, and what they say. */
export type OpenedField = Response<"field.open">;

/** What is open of the field; it is of the project's target and use case as they were then. */
export const useField = create<{ readonly opened: OpenedField | null }>()(() => ({ opened: null }));

/** Counts are looked at beside a project whose heads were timed. */
export function canOpenField(): boolean {
  return hasProject() && targetProfile() !== undefined;
}

/** Asks for counts from the field and shows what they say. */
export async function openField(): Promise<void> {
  try {
    const { path } = await call("dialog.open", { purpose: "fieldCounts" });
    if (path) await openFieldFrom(path);
  } catch (error) {
    notifyError(error);
  }
}

/** The same of a file that is known; failures are told. */
export async function openFieldFrom(path: string): Promise<void> {
  const target = targetProfile();
  if (!target) {
    notify("Field counts are looked at beside a project that has a profile; profile a target first.");
    return;
  }
  const { offload, useCase } = useDesign.getState();
  const second = offload && { server: offload.server, link: offload.link };
  const { classWeights } = useCase;
  select(null);
  setPanes({ inspector: true });
  const request = { path, target: target.id, offload: second, classWeights };
  const { document } = useProject.getState();
  const opened = await runJob("field", "field.open", request);
  if (opened && useProject.getState().document === document) useField.setState({ opened });
}

export function closeField(): void {
  useField.setState({ opened: null });
}

/** The counted plan with the thresholds that were chosen for the field; null where there are none. */
export function planForField({ plan, report }: OpenedField): PartitionedPlan | null {
  return report.refitted ? { exits: report.refitted.exits, ...wayOf(plan) } : null;
}

export function takeFieldThresholds(): void {
  const { opened } = useField.getState();
  const plan = opened && planForField(opened);
  if (plan) takeFound(plan);
}
