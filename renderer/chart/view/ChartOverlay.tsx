import { memo, useMemo } from "react";
import type { ReferenceModel } from "../../../shared/model/reference-model.ts";
import type { BackbonePoint } from "../../plans/plan-columns.ts";
import { type BestPlan, useBestPlan } from "../../state/best-plan.ts";
import { useChart } from "../../state/chart-store.ts";
import { useDesign } from "../../state/design-store.ts";
import { type GuaranteedPlan, useGuaranteedPlan } from "../../state/guaranteed-plan.ts";
import { knownFigures, withFigures } from "../../state/plan-store.ts";
import { useView } from "../../state/view-store.ts";
import { MarkShape } from "../../ui/MarkShape.tsx";
import { speedUpTicks } from "../geometry/axes.ts";
import { type ChartFrame, clampedToPlot, isInPlot, pixelOf } from "../geometry/chart-frame.ts";
import { type ConstraintLine, constraintLines } from "../geometry/constraints.ts";
import { namedPoints } from "../geometry/named-points.ts";
import { spreadLabels } from "../geometry/spread-labels.ts";
import styles from "./ParetoChart.module.css";

/** What stands over the fronts: constraints, named points and what the pointer is on. */
export function ChartOverlay({
  frame,
  backbone,
  references,
  showPinned,
}: {
  readonly frame: ChartFrame;
  readonly backbone: BackbonePoint;
  readonly references: readonly ReferenceModel[];
  readonly showPinned: boolean;
}) {
  const best = useBestPlan();
  const guaranteed = useGuaranteedPlan();
  return (
    <svg className={styles.layer} width={frame.width} height={frame.height} aria-hidden="true">
      <clipPath id="pareto-plot">
        <rect
          x={frame.box.left}
          y={frame.box.top}
          width={Math.max(0, frame.box.right - frame.box.left)}
          height={Math.max(0, frame.box.bottom - frame.box.top)}
        />
      </clipPath>
      <AxisTitles frame={frame} backboneMs={backbone.latencyMs} />
      <ConstraintLines frame={frame} backboneAccuracy={backbone.accuracy} />
      <NamedPoints
        frame={frame}
        backbone={backbone}
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

const AxisTitles = memo(function AxisTitles({
  frame: { box, axis, x },
  backboneMs,
}: {
  readonly frame: ChartFrame;
  readonly backboneMs: number;
}) {
  return (
    <g className={styles.titles}>
      <text x={4} y={12}>
        accuracy, %
      </text>
      <text x={box.right} y={box.bottom + 30} textAnchor="end">
        {axis.label}
      </text>
      {axis.latency && (
        <>
          <text x={box.right} y={12} textAnchor="end">
            speed-up over the backbone
          </text>
          {speedUpTicks(x, backboneMs).map(({ factor, at }) => (
            <g key={factor}>
              <path className={styles.tick} d={`M${at},${box.top}v-4`} />
              <text x={at} y={box.top - 7} textAnchor="middle">
                {factor}x
              </text>
            </g>
          ))}
        </>
      )}
    </g>
  );
});

function ConstraintLines({
  frame,
  backboneAccuracy,
}: {
  readonly frame: ChartFrame;
  readonly backboneAccuracy: number;
}) {
  const useCase = useDesign((state) => state.useCase);
  const lines = constraintLines(useCase, frame.axis, backboneAccuracy);
  return (
    <g>
      <g clipPath="url(#pareto-plot)">
        {lines.map((line) => (
          <ForbiddenArea key={line.field} frame={frame} line={line} />
        ))}
      </g>
      {lines.map((line) => (
        <ConstraintLabel key={line.field} frame={frame} line={line} />
      ))}
    </g>
  );
}

interface LineProps {
  readonly frame: ChartFrame;
  readonly line: ConstraintLine;
}

function ForbiddenArea({ frame: { box, x, y }, line }: LineProps) {
  const area =
    line.direction === "horizontal"
      ? `M${box.left},${y(line.at)}H${box.right}V${box.bottom + 9999}H${box.left}Z`
      : `M${x(line.at)},${box.top}H${box.right + 9999}V${box.bottom}H${x(line.at)}Z`;
  const path =
    line.direction === "horizontal"
      ? `M${box.left},${y(line.at)}H${box.right}`
      : `M${x(line.at)},${box.top}V${box.bottom}`;
  return (
    <>
      <path className={styles.forbidden} d={area} />
      <path className={styles.constraint} d={path} />
    </>
  );
}

function ConstraintLabel({ frame, line }: LineProps) {
  const { box, x, y } = frame;
  if (line.direction === "horizontal") {
    const top = y(line.at);
    if (top < box.top || top > box.bottom) return null;
    return (
      <text className={styles.constraintLabel} x={box.right - 16} y={top + 13} textAnchor="end">
        {line.label}
      </text>
    );
  }
  const left = x(line.at);
  if (left < box.left || left > box.right) return null;
  const nearRight = left > box.right - 110;
  return (
    <text
      className={styles.constraintLabel}
      x={left + (nearRight ? -6 : 6)}
      y={box.bottom - 8}
      textAnchor={nearRight ? "end" : "start"}
    >
      {line.label}
    </text>
  );
}

interface NamedPointsProps {
  readonly frame: ChartFrame;
  readonly backbone: BackbonePoint;
  readonly references: readonly ReferenceModel[];
  readonly showPinned: boolean;
  readonly best: BestPlan | null;
  readonly guaranteed: GuaranteedPlan | null;
}

const NamedPoints = memo(function NamedPoints({
  frame,
  backbone,
  references,
  showPinned,
  best,
  guaranteed,
}: NamedPointsProps) {
  const pinned = useDesign((state) => state.pinned);
  const points = useMemo(() => {
    const known = showPinned ? withFigures(pinned) : [];
    const named = namedPoints({ backbone, references, pinned: known, best, guaranteed }, frame.axis);
    const shown = named
      .map((point) => ({ ...point, at: pixelOf(frame, point.place) }))
      .filter(({ at }) => isInPlot(frame, at, 2));
    return spreadLabels(shown, frame.box);
  }, [frame, backbone, references, pinned, showPinned, best, guaranteed]);
  return (
    <g>
      {points.map(({ key, name, at, mark, area, label }) => (
        <g key={key}>
          {mark ? (
            <MarkShape mark={mark} area={area} left={at.left} top={at.top} />
          ) : (
            <circle className={styles.best} cx={at.left} cy={at.top} r={7} />
          )}
          <text
            className={mark ? styles.name : styles.bestName}
            x={label.left}
            y={label.top}
            textAnchor={label.anchor}
          >
            {name}
          </text>
        </g>
      ))}
    </g>
  );
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

function BrushRectangle({ frame: { x, y } }: { readonly frame: ChartFrame }) {
  const rectangle = useChart((state) => state.brush.rectangle);
  if (!rectangle) return null;
  const [left, right] = rectangle.x.map((value) => x(value));
  const [bottom, top] = rectangle.y.map((value) => y(value));
  return (
    <rect
      className={styles.brush}
      clipPath="url(#pareto-plot)"
      x={left}
      y={top}
      width={Math.max(0, right - left)}
      height={Math.max(0, bottom - top)}
    />
  );
}
