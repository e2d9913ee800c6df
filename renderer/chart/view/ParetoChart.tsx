import { useMemo, useRef } from "react";
import { isOnTargets } from "../../../shared/files/searched-targets.ts";
import type { BackbonePoint } from "../../plans/plan-columns.ts";
import { useChart, useChartChoices } from "../../state/chart-store.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { usePlans } from "../../state/plan-store.ts";
import { useProject } from "../../state/project-store.ts";
import { useSearchRun } from "../../state/search-run-store.ts";
import {
  type Axis,
  axes,
  type Domain,
  domainAround,
  domainOfAll,
  including,
  type Place,
} from "../geometry/axes.ts";
import { chartFrame, type Size } from "../geometry/chart-frame.ts";
import { type SeriesLayer, seriesLayers } from "../geometry/chart-layers.ts";
import { constraintLines } from "../geometry/constraints.ts";
import { backbonePlace, planPlace } from "../geometry/named-points.ts";
import { evaluatedSeries, pinnedSeries, referenceSeries } from "../geometry/series.ts";
import { ChartOverlay } from "./ChartOverlay.tsx";
import { ConstraintHandles } from "./ConstraintHandles.tsx";
import { DominatedLayer } from "./DominatedLayer.tsx";
import { FrontsLayer } from "./FrontsLayer.tsx";
import { LiveMark } from "./LiveMark.tsx";
import { OtherTargetLayer } from "./OtherTargetLayer.tsx";
import { type OtherTarget, useOtherTarget } from "./other-target.ts";
import styles from "./ParetoChart.module.css";
import { PlanTooltip } from "./PlanTooltip.tsx";
import { useChartPointer } from "./use-chart-pointer.ts";
import { useSize } from "./use-size.ts";

/** Accuracy against what a plan costs; every layer draws on the same frame. */
export function ParetoChart({ backbone }: { readonly backbone: BackbonePoint }) {
  const container = useRef<HTMLDivElement>(null);
  const size = useSize(container);
  const isLargeEnough = size !== null && size.width > 120 && size.height > 90;
  return (
    <div ref={container} className={styles.chart}>
      {isLargeEnough && <Layers size={size} backbone={backbone} />}
    </div>
  );
}

const none = new Float32Array();

/** Series of fronts and schemes on the chosen axis, as chart and export draw them. */
export function useSeriesLayers(): readonly SeriesLayer[] {
  const { axis, hidden } = useChartChoices();
  const { plans, series, stated } = usePlans();
  return useMemo(
    () => seriesLayers(plans, series, hidden, axes[axis], stated),
    [plans, series, hidden, axis, stated],
  );
}

function Layers({ size, backbone }: { readonly size: Size; readonly backbone: BackbonePoint }) {
  const { axis: axisId, log, hidden } = useChartChoices();
  const axis = axes[axisId];
  const layers = useSeriesLayers();
  const other = useOtherTarget(layers, axis);
  const domain = useDomain(layers, other, backbone, axis, log);
  const frame = useMemo(() => chartFrame(size, axis, log, domain), [size, axis, log, domain]);
  const references = useReferences(hidden);
  const evaluated = useEvaluated(axis, hidden);
  const pointable = useMemo(
    () => layers.flatMap(({ front, dominated }) => [...front, ...dominated]),
    [layers],
  );
  const ours = layers.find(({ series }) => series.role === "ours")?.front ?? [];
  const surface = useRef<HTMLDivElement>(null);
  const handlers = useChartPointer(surface, frame, pointable, ours);
  const isOnPlan = useChart((state) => state.pointed !== null);
  return (
    <>
      <DominatedLayer frame={frame} layers={layers} evaluated={evaluated} />
      <FrontsLayer frame={frame} layers={layers} />
      {other && <OtherTargetLayer frame={frame} other={other} />}
      <ChartOverlay
        frame={frame}
        backbone={backbone}
        references={references}
        showPinned={!hidden.includes(pinnedSeries.id)}
      />
      <LiveMark frame={frame} />
      <div
        ref={surface}
        className={`${styles.surface} ${isOnPlan ? styles.onPlan : ""}`}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is worked with the arrow keys
        tabIndex={0}
        aria-label={`Accuracy against ${axis.title.toLowerCase()}. Left and right step along our front, Enter takes the plan, P pins it.`}
        {...handlers}
      />
      <ConstraintHandles frame={frame} backboneAccuracy={backbone.accuracy} />
      <PlanTooltip frame={frame} />
    </>
  );
}

/** What the axes show: what the person zoomed to, else what fits. Constraints that move don't move the axes. */
function useDomain(
  layers: readonly SeriesLayer[],
  other: OtherTarget | null,
  backbone: BackbonePoint,
  axis: Axis,
  log: boolean,
): Domain {
  const zoom = useChart((state) => state.zoom);
  const fit = useChart((state) => state.fit);
  const fitted = useMemo(() => {
    const key = keyPlaces(backbone, axis);
    const plans = layers.flatMap(({ front, dominated }) => [...front, ...dominated]);
    const there = other?.pairs.map((pair) => pair.there) ?? [];
    if (other) key.push(other.backbone);
    if (fit === "all") return domainOfAll([...key, ...plans, ...there], log);
    const around = domainAround(key, [...plans, ...there], log);
    const live = livePlace(axis);
    return live ? including(around, live) : around;
  }, [layers, backbone, axis, log, fit, other]);
  return zoom ?? fitted;
}

/** The live plan, as it is when the chart is fitted. */
function livePlace(axis: Axis): Place | null {
  const { figures } = useLive.getState();
  return figures && planPlace(figures, axis);
}

/** Backbone and constraints, as they are when the chart is fitted. */
function keyPlaces(backbone: BackbonePoint, axis: Axis): Place[] {
  const { useCase } = useDesign.getState();
  const here = backbonePlace(backbone, axis);
  const lines = constraintLines(useCase, axis, backbone.accuracy);
  return [
    here,
    ...lines.map(({ direction, at }) =>
      direction === "horizontal" ? { ...here, y: at } : { ...here, x: at },
    ),
  ];
}

function useReferences(hidden: readonly string[]) {
  const references = useProject(({ project }) => project!.references);
  const target = useDesign((state) => state.target);
  return useMemo(
    () =>
      hidden.includes(referenceSeries.id)
        ? []
        : references.filter((reference) => reference.target === target),
    [references, target, hidden],
  );
}

function useEvaluated(axis: Axis, hidden: readonly string[]): Float32Array {
  const { evaluated, request } = useSearchRun();
  const isHere = useDesign((design) => request !== null && isOnTargets(request, design));
  const isOnAxis = axis.latency === request?.options.useCase.latency;
  return isHere && isOnAxis && !hidden.includes(evaluatedSeries.id) ? evaluated : none;
}
