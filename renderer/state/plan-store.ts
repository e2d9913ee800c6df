import { create } from "zustand";
import { AppError } from "../../shared/base/errors.ts";
import { figuresOf } from "../../shared/evaluate/live/place-exits.ts";
import { deviceFront } from "../../shared/files/device-front.ts";
import type { PastSearch } from "../../shared/files/past-search.ts";
import type { ProjectView } from "../../shared/files/project-view.ts";
import { isOnTargets, searchedTargets } from "../../shared/files/searched-targets.ts";
import type { PinnedPlan } from "../../shared/model/design.ts";
import type { PartitionedPlan, PlanFigures } from "../../shared/model/plan.ts";
import { type FrontMeasure, frontMeasure } from "../../shared/model/use-case.ts";
import { type BackbonePoint, backbonePoint } from "../../shared/presentation/plans/backbone-point.ts";
import { type ChartedPlan, chartedPlans, pastPlans } from "../../shared/presentation/plans/charted-plans.ts";
import { createFigureCache } from "../../shared/presentation/plans/figure-cache.ts";
import { pastSeries, planSeries, type Series } from "../../shared/presentation/plans/series.ts";
import type { DesignSpace } from "../../shared/space/design-space.ts";
import { useChart } from "./chart-store.ts";
import { useDesign } from "./design-store.ts";
import { useLive } from "./live-store.ts";
import { useProject } from "./project-store.ts";
import { type SearchRequest, useSearchRun } from "./search-run-store.ts";
import { targetProfile } from "./target-profile.ts";

/** All plans that were found, with their figures on the chosen target as they become known. */
interface PlanState {
  readonly plans: readonly ChartedPlan[];
  readonly series: readonly Series[];
  /** The latency that the searches' own figures refer to, where they hold on the chosen target. */
  readonly stated: FrontMeasure | null;
  readonly backbone: BackbonePoint | null;
}

export const usePlans = create<PlanState>()(() => ({ plans: [], series: [], stated: null, backbone: null }));

/** What plans are compared with, for what shows only once it is known. */
export function useBackbone(): BackbonePoint {
  return usePlans(({ backbone }) => {
    if (!backbone) throw new AppError("internal", "no backbone to compare plans with");
    return backbone;
  });
}

const cache = createFigureCache(figuresOf);

/** Figures of a plan on the chosen targets; null if it doesn't fit them. Worked out once. */
export function knownFigures(plan: PartitionedPlan): PlanFigures | null {
  return cache.figuresOf(useLive.getState().partitionSpaces, plan);
}

/** The same on any targets. */
export function figuresOn(
  partitionSpaces: readonly DesignSpace[],
  plan: PartitionedPlan,
): PlanFigures | null {
  return cache.figuresOf(partitionSpaces, plan);
}

/** Pinned plans with their figures, without those that don't fit the chosen targets' profiles. */
export function withFigures(
  pinned: readonly PinnedPlan[],
): (PinnedPlan & { readonly figures: PlanFigures })[] {
  return pinned.flatMap((plan) => {
    const figures = knownFigures(plan);
    return figures ? [{ ...plan, figures }] : [];
  });
}

let inputs: readonly unknown[] = [];

/** Follows project, search, design and figures; does nothing when no plan can have changed. */
export function updatePlans(): void {
  const { project } = useProject.getState();
  const { fronts, request } = useSearchRun.getState();
  const { partitionSpaces, backbone } = useLive.getState();
  const { target, offload } = useDesign.getState();
  const { past } = useChart.getState();
  const current = [project, fronts, partitionSpaces, target, past];
  if (current.every((input, index) => input === inputs[index])) return;
  inputs = current;
  const found = project?.front ?? null;
  const front = found && !offload ? deviceFront(found) : found;
  const algorithms = fronts ? [...fronts.keys()] : (front?.searches.map(({ algorithm }) => algorithm) ?? []);
  const earlier = shownSearches(project, past);
  const plans = [
    ...chartedPlans(front, fronts),
    ...earlier.flatMap(({ search, series }) => pastPlans(search, series)),
  ];
  const device = targetProfile();
  usePlans.setState({
    plans: cache.withKnown(partitionSpaces, plans),
    series: [...planSeries(algorithms, front), ...earlier.map(({ series }) => series)],
    stated: statedMeasure(project, fronts ? request : null),
    backbone:
      project && device && backbone ? backbonePoint(project.backbone, device, backbone.accuracy) : null,
  });
  scheduleSlice(0);
}

/** Earlier searches whose fronts are shown, with their series. */
function shownSearches(
  project: ProjectView | null,
  past: readonly number[],
): { readonly search: PastSearch; readonly series: Series }[] {
  return past.flatMap((number, slot) => {
    const search = project?.searches.find((one) => one.number === number);
    return search ? [{ search, series: pastSeries(search, slot) }] : [];
  });
}

/** @param request of the search whose growing fronts are shown, if one's are */
function statedMeasure(project: ProjectView | null, request: SearchRequest | null): FrontMeasure | null {
  const design = useDesign.getState();
  if (!project) return null;
  if (request) return isOnTargets(request, project, design) ? frontMeasure(request.options.useCase) : null;
  if (!project.front) return null;
  const targets = searchedTargets(project.front, project, design);
  return targets === "these" || targets === "device alone" ? frontMeasure(project.front.useCase) : null;
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Evaluates what isn't known yet in slices, and shows the figures when all are. */
function scheduleSlice(from: number): void {
  clearTimeout(timer);
  const { plans } = usePlans.getState();
  const { partitionSpaces } = useLive.getState();
  if (partitionSpaces.length === 0 || plans.every(({ figures }) => figures)) return;
  timer = setTimeout(() => {
    const next = cache.slice(partitionSpaces, plans, from, () => performance.now());
    if (next < plans.length) scheduleSlice(next);
    else usePlans.setState({ plans: cache.withKnown(partitionSpaces, plans) });
  });
}
