import { create } from "zustand";
import type { OtherFront, OtherPlan } from "../../shared/files/other-front.ts";
import type { ProjectView } from "../../shared/files/project-view.ts";
import type { Profile } from "../../shared/model/profile.ts";
import { type Ground, isSameGround } from "../../shared/presentation/chart/other-fronts.ts";
import { otherMarks } from "../../shared/presentation/drawing/marks.ts";
import type { BackbonePoint } from "../../shared/presentation/plans/backbone-point.ts";
import type { ChartedPlan } from "../../shared/presentation/plans/charted-plans.ts";
import { otherSeries, type Series } from "../../shared/presentation/plans/series.ts";
import { shorten } from "../../shared/presentation/words/shorten.ts";
import { call } from "./call.ts";
import { notifyError } from "./notice-store.ts";
import { usePlans } from "./plan-store.ts";
import { useProject } from "./project-store.ts";
import { targetProfile } from "./target-profile.ts";

/** Of the name in the legend. */
const nameLetters = 20;

/** Fronts of other projects that are laid over the chart, at most as many as there are marks for. */
export const useOtherFronts = create<{ readonly fronts: readonly OtherFront[] }>()(() => ({ fronts: [] }));

/** Asks for another project's file and lays its front over the chart; of too many the one shown first goes. */
export async function addOtherFront(): Promise<void> {
  try {
    const { path } = await call("dialog.open", { purpose: "front" });
    if (!path) return;
    const front = await call("compare.front", { path });
    useOtherFronts.setState(({ fronts }) => ({ fronts: [...fronts, front].slice(-otherMarks.length) }));
  } catch (error) {
    notifyError(error);
  }
}

export function removeOtherFront(front: OtherFront): void {
  useOtherFronts.setState(({ fronts }) => ({ fronts: fronts.filter((other) => other !== front) }));
}

export function showNoOtherFronts(): void {
  useOtherFronts.setState({ fronts: [] });
}

/** The day that a front's file was written. */
export function dayOf({ savedAt }: OtherFront): string {
  return new Date(savedAt).toLocaleDateString([], { day: "numeric", month: "short", year: "numeric" });
}

/** What the fronts are drawn for; null while nothing is charted. */
export function currentGround(): Ground | null {
  return groundOf(useProject.getState().project, targetProfile(), usePlans.getState().backbone);
}

export function groundOf(
  project: ProjectView | null,
  profile: Profile | undefined,
  backbone: BackbonePoint | null,
): Ground | null {
  return project && profile && backbone
    ? { backboneSha256: project.backbone.sha256, profile: profile.id, backbone }
    : null;
}

export function otherFrontSeries(front: OtherFront, slot: number, here: Ground): Series {
  const about = isSameGround(front, here) ? "" : ", relative";
  return otherSeries(`${shorten(front.name, nameLetters)}, ${dayOf(front)}${about}`, slot);
}

/** A charted plan's front and what that says of it; null of our own plans. */
export function otherPlanOf(
  plan: Pick<ChartedPlan, "id">,
): { readonly front: OtherFront; readonly own: OtherPlan } | null {
  const [, slot, index] = /^other:(\d+)\/(\d+)$/.exec(plan.id) ?? [];
  const front = slot === undefined ? undefined : useOtherFronts.getState().fronts[Number(slot)];
  const own = front?.plans[Number(index)];
  return front && own ? { front, own } : null;
}
