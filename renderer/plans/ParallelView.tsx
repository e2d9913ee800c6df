import { type PointerEvent, useEffect, useMemo, useRef } from "react";
import type { PartitionedPlan } from "../../shared/model/plan.ts";
import type { Range } from "../../shared/presentation/chart/chart-domain.ts";
import type { Size } from "../../shared/presentation/chart/chart-frame.ts";
import type { EvaluatedPlan } from "../../shared/presentation/plans/charted-plans.ts";
import { ordered } from "../state/brush.ts";
import { changeBrush, useChart } from "../state/chart-store.ts";
import { livePlanOf, takePlan, useDesign } from "../state/design-store.ts";
import { useLive } from "../state/live-store.ts";
import { knownFigures, useBackbone, usePlans } from "../state/plan-store.ts";
import { useShownPlans } from "../state/shown-plans.ts";
import { hover, useView } from "../state/view-store.ts";
import { tokenColour, useTheme } from "../ui/theme-colours.ts";
import { useSize } from "../ui/use-size.ts";
import { type BrushEnd, rangeAfterKey } from "./brush-keys.ts";
import styles from "./ParallelView.module.css";
import { nearestLine, type ParallelAxis, parallelAxes } from "./parallel-scales.ts";

const top = 34;
const below = 22;

/** One line per plan across axes of figures; a stretch of an axis that is brushed narrows the plans. */
export function ParallelView() {
  const container = useRef<HTMLDivElement>(null);
  const size = useSize(container);
  return (
    <div ref={container} className={styles.view}>
      {size && size.width > 160 && size.height > 100 && <Coordinates size={size} />}
    </div>
  );
}

function Coordinates({ size }: { readonly size: Size }) {
  const { shown, all } = useShownPlans();
  const backbone = useBackbone();
  const axes = useMemo(
    () => parallelAxes(all, backbone, size.width, top, size.height - below),
    [all, backbone, size],
  );
  const svg = useRef<SVGSVGElement>(null);
  const pixel = (event: PointerEvent) => {
    const area = svg.current!.getBoundingClientRect();
    return [event.clientX - area.left, event.clientY - area.top] as const;
  };
  return (
    <>
      <Lines size={size} axes={axes} shown={shown} all={all} />
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the table shows the same plans and is worked with keys */}
      <svg
        ref={svg}
        className={styles.layer}
        width={size.width}
        height={size.height}
        onPointerMove={(event) => {
          if (event.buttons !== 0) return;
          const [left, y] = pixel(event);
          hover(nearestLine(shown, axes, left, y, 8));
        }}
        onPointerLeave={() => hover(null)}
        onClick={() => {
          const { hovered } = useView.getState();
          if (hovered) takePlan(hovered);
        }}
      >
        <title>Plans on parallel coordinates</title>
        <Highlights axes={axes} />
        {axes.map((axis) => (
          <Axis key={axis.id} axis={axis} height={size.height} />
        ))}
      </svg>
    </>
  );
}

interface LinesProps {
  readonly size: Size;
  readonly axes: readonly ParallelAxis[];
  readonly shown: readonly EvaluatedPlan[];
  readonly all: readonly EvaluatedPlan[];
}

/** All lines on a canvas: what brushes leave out faint, the rest in its series' colour. */
function Lines({ size, axes, shown, all }: LinesProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const series = usePlans((state) => state.series);
  const theme = useTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the tokens stand for
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const ratio = window.devicePixelRatio;
    context.canvas.width = size.width * ratio;
    context.canvas.height = size.height * ratio;
    context.scale(ratio, ratio);
    const draw = (plan: EvaluatedPlan) => {
      context.beginPath();
      for (const { left, scale, of } of axes) context.lineTo(left, scale(of(plan)));
      context.stroke();
    };
    const isShown = new Set(shown);
    context.lineWidth = 1;
    context.globalAlpha = 0.06;
    context.strokeStyle = tokenColour("ink-faint");
    for (const plan of all) if (!isShown.has(plan)) draw(plan);
    // Ours last, on top.
    for (const { id, mark, role } of [...series].reverse()) {
      context.strokeStyle = tokenColour(mark.colour);
      context.globalAlpha = role === "ours" ? 0.35 : 0.18;
      for (const plan of shown) if (plan.series === id) draw(plan);
    }
  }, [size, axes, shown, all, series, theme]);
  return <canvas ref={canvas} className={styles.layer} style={{ width: size.width, height: size.height }} />;
}

function Highlights({ axes }: { readonly axes: readonly ParallelAxis[] }) {
  const hovered = useView((state) => state.hovered);
  const exits = useDesign((state) => state.exits);
  const chain = useDesign((state) => state.chain);
  const offload = useDesign((state) => state.offload);
  // The live plan's figures change with every step of a gesture, and so does this line.
  useLive((state) => state.figures);
  return (
    <>
      <PlanLine axes={axes} plan={livePlanOf({ exits, chain, offload })} className={styles.live} />
      {hovered && <PlanLine axes={axes} plan={hovered} className={styles.hovered} />}
    </>
  );
}

function PlanLine({
  axes,
  plan,
  className,
}: {
  readonly axes: readonly ParallelAxis[];
  readonly plan: PartitionedPlan;
  readonly className: string;
}) {
  const figures = knownFigures(plan);
  if (!figures) return null;
  const evaluated = { ...plan, figures } as EvaluatedPlan;
  const points = axes.map(({ left, scale, of }) => `${left},${scale(of(evaluated))}`).join(" ");
  return <polyline className={className} points={points} />;
}

/** An axis with its ends; dragging along it brushes. */
function Axis({ axis, height }: { readonly axis: ParallelAxis; readonly height: number }) {
  const range = useChart((state) => state.brush.ranges.get(axis.id));
  const start = useRef<number | null>(null);
  const { left, scale, title, low, high } = axis;
  const bottom = height - below;
  const valueAt = (event: PointerEvent<SVGRectElement>) => {
    const y = event.clientY - event.currentTarget.ownerSVGElement!.getBoundingClientRect().top;
    return scale.invert(Math.min(bottom, Math.max(top, y)));
  };
  return (
    <g>
      <text className={styles.title} x={left} y={14} textAnchor="middle">
        {title}
      </text>
      <text className={styles.end} x={left} y={28} textAnchor="middle">
        {high}
      </text>
      <text className={styles.end} x={left} y={bottom + 15} textAnchor="middle">
        {low}
      </text>
      <path className={styles.axis} d={`M${left},${top}V${bottom}`} />
      {range && (
        <rect
          className={styles.brush}
          x={left - 6}
          y={scale(range[1])}
          width={12}
          height={Math.max(1, scale(range[0]) - scale(range[1]))}
        />
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the table shows the same plans and is worked with keys */}
      <rect
        className={styles.grip}
        x={left - 9}
        y={top - 4}
        width={18}
        height={bottom - top + 8}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = valueAt(event);
        }}
        onPointerMove={(event) => {
          if (start.current === null) return;
          event.stopPropagation();
          brushAxis(axis.id, ordered(start.current, valueAt(event)));
        }}
        onPointerUp={(event) => {
          // A press without a stretch clears the axis.
          if (start.current === valueAt(event)) brushAxis(axis.id, null);
          start.current = null;
        }}
        onClick={(event) => event.stopPropagation()}
      >
        <title>{`Drag along ${title} to narrow the plans; press to clear`}</title>
      </rect>
      {(["high", "low"] as const).map((end) => (
        <EndHandle key={end} axis={axis} end={end} range={range} />
      ))}
    </g>
  );
}

interface EndHandleProps {
  readonly axis: ParallelAxis;
  readonly end: BrushEnd;
  readonly range: Range | undefined;
}

/** One end of an axis' brush for the keyboard: seen while it has the focus. */
function EndHandle({ axis: { id, title, left, scale, domain, format }, end, range }: EndHandleProps) {
  const value = (range ?? domain)[end === "low" ? 0 : 1];
  return (
    <rect
      className={styles.handle}
      role="slider"
      tabIndex={0}
      aria-label={`${title}, ${end === "low" ? "at least" : "at most"}`}
      aria-orientation="vertical"
      aria-valuemin={domain[0]}
      aria-valuemax={domain[1]}
      aria-valuenow={value}
      aria-valuetext={format(value)}
      x={left - 8}
      y={scale(value) - 3}
      width={16}
      height={6}
      rx={2}
      onKeyDown={(event) => {
        const next = event.key === "Escape" && range ? null : rangeAfterKey(event.key, end, range, domain);
        if (next === undefined) return;
        event.preventDefault();
        brushAxis(id, next);
      }}
    />
  );
}

function brushAxis(id: string, range: Range | null): void {
  changeBrush((brush) => {
    const ranges = new Map(brush.ranges);
    if (range) ranges.set(id, range);
    else ranges.delete(id);
    return { ranges };
  });
}
