import { create } from "zustand";
import type { PinnedPlan } from "../../shared/domain/design.ts";
import type { PlanExit, PlanFigures } from "../../shared/domain/plan.ts";
import type { ProjectView } from "../../shared/domain/project-view.ts";
import type { SearchSpace } from "../../shared/search/search-space.ts";
import { useSearchRun } from "../search/search-run-store.ts";
import { useDesign } from "../stores/design-store.ts";
import { figuresOf, useLive } from "../stores/live-store.ts";
import { useProject } from "../stores/project-store.ts";
import { type ChartedPlan, chartedPlans, type StatedLatency, searchedTarget } from "./charted-plans.ts";
import { createFigureCache } from "./figure-cache.ts";
import type { BackbonePoint } from "./plan-columns.ts";
import { planSeries, type Series } from "./series.ts";

/** All plans that were found, with their figures on the chosen target as they become known. */
interface PlanState {
  readonly plans: readonly ChartedPlan[];
  readonly series: readonly Series[];
  /** The latency that the searches' own figures speak of, where they hold on the chosen target. */
  readonly stated: StatedLatency | null;
  readonly backbone: BackbonePoint | null;
}

export const usePlans = create<PlanState>()(() => ({ plans: [], series: [], stated: null, backbone: null }));

const cache = createFigureCache(figuresOf);

/** Figures of a plan on the chosen target; null if it doesn't fit. Worked out once. */
export function knownFigures(exits: readonly PlanExit[]): PlanFigures | null {
  const { space } = useLive.getState();
  return space && cache.figuresOf(space, exits);
}

/** The same on any space, say of another target. */
export function figuresOn(space: SearchSpace, exits: readonly PlanExit[]): PlanFigures | null {
  return cache.figuresOf(space, exits);
}

/** Pinned plans with their figures, without those that don't fit the chosen target's profile. */
export function withFigures(
  pinned: readonly PinnedPlan[],
): (PinnedPlan & { readonly figures: PlanFigures })[] {
  return pinned.flatMap((plan) => {
    const figures = knownFigures(plan.exits);
    return figures ? [{ ...plan, figures }] : [];
  });
}

/** The backbone as it came; null without a calibration or a profile. */
export function backboneOn(
  project: ProjectView | null,
  target: number,
  accuracy: number | undefined,
): BackbonePoint | null {
  const profile = project?.profiles[target];
  if (!project || !profile || accuracy === undefined) return null;
  const { macs, parameterBytes } = project.backbone;
  return { accuracy, latencyMs: profile.backbone.meanMs, macs, bytes: parameterBytes };
}

let inputs: readonly unknown[] = [];

function update(): void {
  const { project } = useProject.getState();
  const { fronts, latency, target: runTarget } = useSearchRun.getState();
  const { space, backbone } = useLive.getState();
  const { target, offload } = useDesign.getState();
  const current = [project, fronts, space, target];
  if (current.every((input, index) => input === inputs[index])) return;
  inputs = current;
  const front = project?.front ?? null;
  const algorithms = fronts ? [...fronts.keys()] : (front?.searches.map(({ algorithm }) => algorithm) ?? []);
  const searched = fronts
    ? { target: runTarget, latency }
    : front && { target: searchedTarget(front, project!.profiles), latency: front.useCase.latency };
  const plans = chartedPlans(front, fronts);
  usePlans.setState({
    plans: space ? cache.withKnown(space, plans) : plans,
    series: planSeries(algorithms, front),
    stated: searched && searched.target === target && offload?.cut === undefined ? searched.latency : null,
    backbone: backboneOn(project, target, backbone?.accuracy),
  });
  scheduleSlice(0);
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Evaluates what isn't known yet in slices, and shows the figures when all are. */
function scheduleSlice(from: number): void {
  clearTimeout(timer);
  const { plans } = usePlans.getState();
  const { space } = useLive.getState();
  if (!space || plans.every(({ figures }) => figures)) return;
  timer = setTimeout(() => {
    const next = cache.slice(space, plans, from);
    if (next < plans.length) scheduleSlice(next);
    else usePlans.setState({ plans: cache.withKnown(space, plans) });
  });
}

useProject.subscribe(update);
useSearchRun.subscribe(update);
useLive.subscribe(update);
update();
