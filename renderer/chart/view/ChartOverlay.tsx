import { memo, useEffect, useMemo, useState } from "react";
import type { ReferenceModel } from "../../../shared/model/reference-model.ts";
import { type Axis, knownPlace, type Place } from "../../../shared/presentation/chart/axes.ts";
import { type ChartFrame, clampedToPlot, pixelOf } from "../../../shared/presentation/chart/chart-frame.ts";
import { chartLabels, surroundings } from "../../../shared/presentation/chart/chart-labels.ts";
import {
  type ChartedConstraints,
  chartedConstraints,
} from "../../../shared/presentation/chart/constraint-lines.ts";
import { namedPoints } from "../../../shared/presentation/chart/named-points.ts";
import {
  labelShapes,
  limitShapes,
  namedShapes,
  otherConstraints,
  titleShapes,
} from "../../../shared/presentation/chart/pareto-drawing.ts";
import { keysThatBeat, placedPoints } from "../../../shared/presentation/chart/pareto-scene.ts";
import type { SeriesLayer } from "../../../shared/presentation/chart/series-layers.ts";
import { clipName, clipped, type Pixel } from "../../../shared/presentation/drawing/drawing.ts";
import { planMarkArea } from "../../../shared/presentation/drawing/marks.ts";
import type { BackbonePoint } from "../../../shared/presentation/plans/backbone-point.ts";
import { useBestPlan } from "../../state/best-plan.ts";
import { useChart } from "../../state/chart-store.ts";
import { inGesture, useDesign } from "../../state/design-store.ts";
import { useGuaranteedPlan } from "../../state/guaranteed-plan.ts";
import { useLive } from "../../state/live-store.ts";
import { useNetworkTitles } from "../../state/network-titles.ts";
import type { NetworkAlone } from "../../state/networks-alone.ts";
import { knownFigures, withFigures } from "../../state/plan-store.ts";
import { useView } from "../../state/view-store.ts";
import { Shapes } from "../../ui/Drawing.tsx";
import { AllTargetsLayer } from "./AllTargetsLayer.tsx";
import type { PlacesBeside } from "./all-targets.ts";
import { LiveMark } from "./LiveMark.tsx";
import styles from "./ParetoChart.module.css";

export interface OverlayProps {
  readonly frame: ChartFrame;
  readonly backbone: BackbonePoint;
  readonly layers: readonly SeriesLayer[];
  readonly networks: readonly NetworkAlone[];
  readonly references: readonly ReferenceModel[];
  /** Targets on which the live plan is shown beside the chosen one. */
  readonly beside: PlacesBeside;
  readonly showPinned: boolean;
}

/** What stands over the fronts: constraints, named points, the live plan, and what the pointer is on. */
export function ChartOverlay(props: OverlayProps) {
  const { frame, backbone, layers, beside } = props;
  const { constraints, points } = useLabelled(props);
  const rested = useRestedPlace(frame);
  const content = useMemo(() => {
    const marks = rested ? [{ at: rested, area: planMarkArea }] : [];
    return { lines: constraints.lines, named: points, layers, marks };
  }, [constraints, points, layers, rested]);
  const labels = useMemo(() => chartLabels(content, frame), [content, frame]);
  const around = useMemo(() => surroundings(content, frame), [content, frame]);
  return (
    <>
      {beside.targets.length > 0 && (
        <AllTargetsLayer frame={frame} beside={beside} labels={labels} around={around} />
      )}
      <svg className={styles.layer} width={frame.width} height={frame.height} aria-hidden="true">
        <AxisTitles frame={frame} backbone={backbone} />
        <Limits constraints={constraints} frame={frame} />
        <Shapes shapes={[...namedShapes(points), ...labelShapes(labels)]} />
        <HoverRing frame={frame} />
        <BrushRectangle frame={frame} />
      </svg>
      <LiveMark frame={frame} labels={labels} around={around} />
    </>
  );
}

const AxisTitles = memo(function AxisTitles({ frame, backbone }: Pick<OverlayProps, "frame" | "backbone">) {
  return <Shapes shapes={titleShapes(frame, backbone)} />;
});

const Limits = memo(function Limits({
  constraints,
  frame,
}: {
  readonly constraints: ChartedConstraints;
  readonly frame: ChartFrame;
}) {
  const limits = constraints.lines.flatMap((line) => limitShapes(line, frame));
  return <Shapes shapes={[clipped(frame.box, limits), ...otherConstraints(constraints, frame)]} />;
});

/** What bears a text; it stays the same while a threshold is dragged. */
function useLabelled({ frame, backbone, networks, references, showPinned }: OverlayProps) {
  const { axis } = frame;
  const best = useBestPlan();
  const guaranteed = useGuaranteedPlan();
  const useCase = useDesign((state) => state.useCase);
  const pinned = useDesign((state) => state.pinned);
  const titles = useNetworkTitles();
  const constraints = useMemo(() => chartedConstraints(useCase, axis, backbone), [useCase, axis, backbone]);
  // Pinned plans have other figures on another target, whose backbone is another point.
  const named = useMemo(() => {
    const known = showPinned ? withFigures(pinned) : [];
    return namedPoints({ backbone, networks, references, pinned: known, best, guaranteed, titles }, axis);
  }, [axis, backbone, networks, references, pinned, showPinned, best, guaranteed, titles]);
  // As one text, which seldom changes with the live plan.
  const beating = useLive(({ figures }) => keysThatBeat(knownPlace(figures, axis), named).join("\n"));
  const points = useMemo(() => placedPoints(named, frame, beating.split("\n")), [named, frame, beating]);
  return { constraints, points };
}

/** How long the live plan stands still before the texts make room for it, ms. */
const restMs = 150;

/** Where the live plan stands once nothing moves it; the texts of others keep off it. */
function useRestedPlace(frame: ChartFrame): Pixel | null {
  const { axis } = frame;
  const [rested, setRested] = useState<Place | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = () => {
      if (inGesture()) timer = setTimeout(settle, restMs);
      else setRested((before) => unlessSame(before, livePlace(axis)));
    };
    settle();
    const unsubscribe = useLive.subscribe(({ figures }, before) => {
      if (figures === before.figures) return;
      clearTimeout(timer);
      timer = setTimeout(settle, restMs);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [axis]);
  return useMemo(() => rested && clampedToPlot(frame, pixelOf(frame, rested)), [rested, frame]);
}

function livePlace(axis: Axis): Place | null {
  return knownPlace(useLive.getState().figures, axis);
}

function unlessSame(before: Place | null, now: Place | null): Place | null {
  return before?.x === now?.x && before?.y === now?.y ? before : now;
}

/** A ring about the plan that is hovered anywhere: here, in the table, on the parallel coordinates. */
function HoverRing({ frame }: { readonly frame: ChartFrame }) {
  const hovered = useView((state) => state.hovered);
  const place = knownPlace(hovered && knownFigures(hovered), frame.axis);
  if (!place) return null;
  const shown = clampedToPlot(frame, pixelOf(frame, place));
  return <circle className={styles.hover} cx={shown.left} cy={shown.top} r={6.5} />;
}

function BrushRectangle({ frame: { box, x, y } }: { readonly frame: ChartFrame }) {
  const rectangle = useChart((state) => state.brush.rectangle);
  if (!rectangle) return null;
  const [left, right] = rectangle.x.map((value) => x(value));
  const [bottom, top] = rectangle.y.map((value) => y(value));
  return (
    <rect
      className={styles.brush}
      clipPath={`url(#${clipName(box)})`}
      x={left}
      y={top}
      width={Math.max(0, right - left)}
      height={Math.max(0, bottom - top)}
    />
  );
}
