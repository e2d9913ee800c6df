import { curveStepAfter, line } from "d3-shape";
import { memo } from "react";
import { CartesianGrid, Scatter, ScatterChart, XAxis, YAxis } from "recharts";
import { MarkShape } from "../../ui/MarkShape.tsx";
import type { ChartFrame } from "../geometry/chart-frame.ts";
import {
  linePoints,
  markDistance,
  marked,
  type PlacedPlan,
  type SeriesLayer,
} from "../geometry/chart-layers.ts";
import type { Series } from "../geometry/series.ts";
import styles from "./ParetoChart.module.css";

const markArea = { ours: 24, alternative: 42, scheme: 34 } as const;

interface FrontsProps {
  readonly frame: ChartFrame;
  readonly layers: readonly SeriesLayer[];
}

/** Axes, and the front of every series as a step line with marks. */
export const FrontsLayer = memo(function FrontsLayer({ frame, layers }: FrontsProps) {
  const { width, height, box, x, y, xTicks, yTicks, log } = frame;
  const labelOf = (ticks: ChartFrame["xTicks"]) => (value: number) =>
    ticks.find((tick) => tick.value === value)?.label ?? "";
  return (
    <div className={styles.layer} aria-hidden="true">
      <ScatterChart
        width={width}
        height={height}
        margin={{ left: 0, top: box.top, right: width - box.right, bottom: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--border)" strokeOpacity={0.7} />
        <XAxis
          type="number"
          dataKey="x"
          height={height - box.bottom}
          scale={log ? "log" : "linear"}
          domain={x.domain() as [number, number]}
          ticks={xTicks.map(({ value }) => value)}
          tickFormatter={labelOf(xTicks)}
          interval={0}
          allowDataOverflow
          stroke="var(--border-strong)"
          tick={tickStyle}
        />
        <YAxis
          type="number"
          dataKey="y"
          width={box.left}
          domain={y.domain() as [number, number]}
          ticks={yTicks.map(({ value }) => value)}
          tickFormatter={labelOf(yTicks)}
          interval={0}
          allowDataOverflow
          axisLine={false}
          tickLine={false}
          tick={tickStyle}
        />
        <FrontLines frame={frame} layers={layers} />
        {[...layers].reverse().map((layer) => (
          <Scatter
            key={layer.series.id}
            data={marksOf(layer, frame)}
            shape={(point: unknown) => <FrontMark point={point as ScatterPoint} series={layer.series} />}
            isAnimationActive={false}
          />
        ))}
      </ScatterChart>
    </div>
  );
});

const tickStyle = { fill: "var(--ink-soft)", fontSize: 11.5 } as const;

/** Every front as a step line: up to the next plan's cost nothing better is to be had. */
function FrontLines({ frame, layers }: FrontsProps) {
  const path = line<PlacedPlan>()
    .x(({ x }) => frame.x(x))
    .y(({ y }) => frame.y(y))
    .curve(curveStepAfter)
    .digits(1);
  return (
    <g clipPath="url(#pareto-plot)">
      {[...layers].reverse().map(({ series: { id, role, mark }, front }) => (
        <path
          key={id}
          className={role === "ours" ? styles.ourLine : styles.line}
          style={{ color: `var(--${mark.colour})` }}
          d={path(linePoints(front, frame)) ?? ""}
        />
      ))}
    </g>
  );
}

interface ScatterPoint {
  readonly cx?: number;
  readonly cy?: number;
}

function marksOf({ series, front }: SeriesLayer, frame: ChartFrame): PlacedPlan[] {
  return marked(front, frame, markDistance[roleOf(series)]).map(({ plan }) => plan);
}

function roleOf({ role }: Series): keyof typeof markArea {
  return role === "ours" || role === "scheme" ? role : "alternative";
}

function FrontMark({ point: { cx, cy }, series }: { readonly point: ScatterPoint; readonly series: Series }) {
  if (cx === undefined || cy === undefined) return <g />;
  return <MarkShape mark={series.mark} area={markArea[roleOf(series)]} left={cx} top={cy} />;
}
