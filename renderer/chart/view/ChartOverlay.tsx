import { memo, useMemo } from "react";
import type { ReferenceModel } from "../../../shared/model/reference-model.ts";
import { knownPlace } from "../../../shared/presentation/chart/axes.ts";
import { type ChartFrame, clampedToPlot, pixelOf } from "../../../shared/presentation/chart/chart-frame.ts";
import { chartedConstraints } from "../../../shared/presentation/chart/constraint-lines.ts";
import { namedPoints } from "../../../shared/presentation/chart/named-points.ts";
import {
  constraintLabels,
  limitShapes,
  namedShapes,
  titleShapes,
} from "../../../shared/presentation/chart/pareto-drawing.ts";
import { keysThatBeat, placedPoints } from "../../../shared/presentation/chart/pareto-scene.ts";
import { clipName, clipped } from "../../../shared/presentation/drawing/drawing.ts";
import type { BackbonePoint } from "../../../shared/presentation/plans/backbone-point.ts";
import type { BestPlan } from "../../../shared/presentation/plans/best-plan.ts";
import { useBestPlan } from "../../state/best-plan.ts";
import { useChart } from "../../state/chart-store.ts";
import { useDesign } from "../../state/design-store.ts";
import { type GuaranteedPlan, useGuaranteedPlan } from "../../state/guaranteed-plan.ts";
import { useLive } from "../../state/live-store.ts";
import { useNetworkTitles } from "../../state/network-titles.ts";
import type { NetworkAlone } from "../../state/networks-alone.ts";
import { knownFigures, withFigures } from "../../state/plan-store.ts";
import { useView } from "../../state/view-store.ts";
import { Shapes } from "../../ui/Drawing.tsx";
import styles from "./ParetoChart.module.css";

interface OverlayProps {
  readonly frame: ChartFrame;
  readonly backbone: BackbonePoint;
}

/** What stands over the fronts: constraints, named points and what the pointer is on. */
export function ChartOverlay({
  frame,
  backbone,
  networks,
  references,
  showPinned,
}: OverlayProps & Pick<NamedPointsProps, "networks" | "references" | "showPinned">) {
  const best = useBestPlan();
  const guaranteed = useGuaranteedPlan();
  return (
    <svg className={styles.layer} width={frame.width} height={frame.height} aria-hidden="true">
      <AxisTitles frame={frame} backbone={backbone} />
      <Constraints frame={frame} backbone={backbone} />
      <NamedPoints
        frame={frame}
        backbone={backbone}
        networks={networks}
        references={references}
        showPinned={showPinned}
        best={best}
        guaranteed={guaranteed}
      />
      <HoverRing frame={frame} />
      <BrushRectangle frame={frame} />
    </svg>
  );
}

const AxisTitles = memo(function AxisTitles({ frame, backbone }: OverlayProps) {
  return <Shapes shapes={titleShapes(frame, backbone)} />;
});

function Constraints({ frame, backbone }: OverlayProps) {
  const useCase = useDesign((state) => state.useCase);
  const constraints = chartedConstraints(useCase, frame.axis, backbone);
  const limits = constraints.lines.flatMap((line) => limitShapes(line, frame));
  return <Shapes shapes={[clipped(frame.box, limits), ...constraintLabels(constraints, frame)]} />;
}

export interface NamedPointsProps extends OverlayProps {
  readonly networks: readonly NetworkAlone[];
  readonly references: readonly ReferenceModel[];
  readonly showPinned: boolean;
  readonly best: BestPlan | null;
  readonly guaranteed: GuaranteedPlan | null;
}

const NamedPoints = memo(function NamedPoints({
  frame,
  backbone,
  networks,
  references,
  showPinned,
  best,
  guaranteed,
}: NamedPointsProps) {
  const pinned = useDesign((state) => state.pinned);
  const titles = useNetworkTitles();
  const named = useMemo(() => {
    const known = showPinned ? withFigures(pinned) : [];
    const content = { backbone, networks, references, pinned: known, best, guaranteed, titles };
    return namedPoints(content, frame.axis);
  }, [frame, backbone, networks, references, pinned, showPinned, best, guaranteed, titles]);
  // As one text, which stays the same while a threshold is dragged.
  const beating = useLive(({ figures }) => keysThatBeat(knownPlace(figures, frame.axis), named).join("\n"));
  const shapes = useMemo(
    () => namedShapes(placedPoints(named, frame, beating.split("\n"))),
    [named, frame, beating],
  );
  return <Shapes shapes={shapes} />;
});

/** A ring about the plan that is hovered anywhere: here, in the table, on the parallel coordinates. */
function HoverRing({ frame }: { readonly frame: ChartFrame }) {
  const hovered = useView((state) => state.hovered);
  const figures = hovered && knownFigures(hovered);
  if (!figures) return null;
  const at = pixelOf(frame, { x: frame.axis.of(figures), y: figures.accuracy });
  const shown = clampedToPlot(frame, at);
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
