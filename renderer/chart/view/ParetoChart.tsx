import { useMemo, useRef } from "react";
import { weighedReference } from "../../../shared/evaluate/live/rival.ts";
import { isOnTargets } from "../../../shared/files/searched-targets.ts";
import type { ProjectTarget } from "../../../shared/fleet/project-targets.ts";
import { frontMeasure } from "../../../shared/model/use-case.ts";
import { type Axis, knownPlace, shownAxis } from "../../../shared/presentation/chart/axes.ts";
import { type Domain, fittedDomain } from "../../../shared/presentation/chart/chart-domain.ts";
import { chartFrame, type Size } from "../../../shared/presentation/chart/chart-frame.ts";
import { chartedConstraints, keyPlaces } from "../../../shared/presentation/chart/constraint-lines.ts";
import { type SeriesLayer, seriesLayers } from "../../../shared/presentation/chart/series-layers.ts";
import type { BackbonePoint } from "../../../shared/presentation/plans/backbone-point.ts";
import {
  evaluatedSeries,
  networkSeries,
  pinnedSeries,
  referenceSeries,
} from "../../../shared/presentation/plans/series.ts";
import { useChart, useChartChoices } from "../../state/chart-store.ts";
import { livePlanOf, useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { type NetworkAlone, useNetworksAlone } from "../../state/networks-alone.ts";
import { usePlans } from "../../state/plan-store.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { useSearchRun } from "../../state/search-run-store.ts";
import { useTargetProfile } from "../../state/target-profile.ts";
import { useSize } from "../../ui/use-size.ts";
import { type PlacesBeside, useBeside } from "./all-targets.ts";
import { ChartOverlay, type OverlayProps } from "./ChartOverlay.tsx";
import { ConstraintHandles } from "./ConstraintHandles.tsx";
import { DominatedLayer } from "./DominatedLayer.tsx";
import { FrontsLayer } from "./FrontsLayer.tsx";
import { OtherTargetLayer } from "./OtherTargetLayer.tsx";
import { useOtherLayers } from "./other-layers.ts";
import { type OtherTarget, useOtherTarget } from "./other-target.ts";
import styles from "./ParetoChart.module.css";
import { PlanTooltip } from "./PlanTooltip.tsx";
import { useChartPointer } from "./use-chart-pointer.ts";

interface ParetoChartProps {
  readonly backbone: BackbonePoint;
  /** Those that the live plan is shown on beside the chosen one, which may be among them. */
  readonly targets: readonly ProjectTarget[];
}

/** Accuracy against what a plan costs; every layer draws on the same frame. */
export function ParetoChart({ backbone, targets }: ParetoChartProps) {
  const container = useRef<HTMLDivElement>(null);
  const size = useSize(container);
  const isLargeEnough = size !== null && size.width > 120 && size.height > 90;
  return (
    <div ref={container} className={styles.chart}>
      {isLargeEnough && <Layers size={size} backbone={backbone} targets={targets} />}
    </div>
  );
}

const none = new Float32Array();

/** Series of fronts and schemes on the chosen axis, as chart and export draw them. */
function useSeriesLayers(): readonly SeriesLayer[] {
  const { axis: axisId, hidden } = useChartChoices();
  const { plans, series, stated, backbone } = usePlans();
  const axis = shownAxis(axisId, backbone);
  const others = useOtherLayers(axis, hidden);
  const own = useMemo(
    () => seriesLayers(plans, series, hidden, axis, stated),
    [plans, series, hidden, axis, stated],
  );
  return useMemo(() => [...own, ...others], [own, others]);
}

function Layers({ size, backbone, targets }: ParetoChartProps & { readonly size: Size }) {
  const { axis: axisId, log, hidden } = useChartChoices();
  const axis = shownAxis(axisId, backbone);
  const layers = useSeriesLayers();
  const other = useOtherTarget(layers, axis);
  const beside = useBeside(targets, axis);
  const references = useReferences(hidden);
  const networks = useShownNetworks(hidden);
  const domain = useDomain(layers, other, beside, backbone, { references, networks }, axis, log);
  const frame = useMemo(() => chartFrame(size, axis, log, domain), [size, axis, log, domain]);
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
        layers={layers}
        networks={networks}
        references={references}
        beside={beside}
        showPinned={!hidden.includes(pinnedSeries.id)}
      />
      <div
        ref={surface}
        className={`${styles.surface} ${isOnPlan ? styles.onPlan : ""}`}
        role="application"
        data-pane-entry
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is worked with the arrow keys
        tabIndex={0}
        aria-label={`Accuracy against ${axis.title.toLowerCase()}. Left and right step along our front, Enter takes the plan, P pins it.`}
        {...handlers}
      />
      <ConstraintHandles frame={frame} backbone={backbone} />
      <PlanTooltip frame={frame} />
    </>
  );
}

/** What the axes show: what the person zoomed to, else what fits. Constraints that move don't move the axes. */
function useDomain(
  layers: readonly SeriesLayer[],
  other: OtherTarget | null,
  beside: PlacesBeside,
  backbone: BackbonePoint,
  { references, networks }: Pick<OverlayProps, "references" | "networks">,
  axis: Axis,
  log: boolean,
): Domain {
  const zoom = useChart((state) => state.zoom);
  const fit = useChart((state) => state.fit);
  const fitted = useMemo(() => {
    // As they are when the chart is fitted.
    const constraints = chartedConstraints(useDesign.getState().useCase, axis, backbone);
    const { figures } = useLive.getState();
    const key = keyPlaces(constraints, backbone, axis);
    const plans = layers.flatMap(({ front, dominated }) => [...front, ...dominated]);
    const there = other?.pairs.map((pair) => pair.there) ?? [];
    const live = livePlanOf(useDesign.getState());
    const elsewhere = beside.placesOf(live).flatMap((place) => place ?? []);
    return fittedDomain(
      {
        key: [...key, ...(other ? [other.backbone] : []), ...beside.targets.map((target) => target.backbone)],
        others: [...plans, ...there, ...elsewhere],
        plan: knownPlace(figures, axis),
        named: [...references, ...networks.map(({ figures: alone }) => alone)].flatMap(
          (one) => knownPlace(one, axis) ?? [],
        ),
      },
      log,
      fit,
    );
  }, [layers, backbone, references, networks, axis, log, fit, other, beside]);
  return zoom ?? fitted;
}

const noNetworks: readonly NetworkAlone[] = [];

function useShownNetworks(hidden: readonly string[]): readonly NetworkAlone[] {
  const networks = useNetworksAlone();
  return hidden.includes(networkSeries.id) ? noNetworks : networks;
}

function useReferences(hidden: readonly string[]) {
  const references = useOpenProject((project) => project.references);
  const crossFit = useOpenProject((project) => project.front?.crossFit);
  const target = useTargetProfile()?.id;
  const space = useLive((state) => state.space);
  return useMemo(
    () =>
      hidden.includes(referenceSeries.id)
        ? []
        : references
            .filter((reference) => reference.target === target)
            .map((reference) => (space ? weighedReference(reference, space, crossFit) : reference)),
    [references, target, space, crossFit, hidden],
  );
}

function useEvaluated(axis: Axis, hidden: readonly string[]): Float32Array {
  const { evaluated, request } = useSearchRun();
  const project = useOpenProject();
  const isHere = useDesign((design) => request !== null && isOnTargets(request, project, design));
  const isOnAxis = request !== null && axis.measure === frontMeasure(request.options.useCase);
  return isHere && isOnAxis && !hidden.includes(evaluatedSeries.id) ? evaluated : none;
}
