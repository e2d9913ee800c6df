import { memo } from "react";
import { CartesianGrid, Scatter, ScatterChart, XAxis, YAxis } from "recharts";
import type { ChartFrame } from "../../../shared/presentation/chart/chart-frame.ts";
import { frontLine } from "../../../shared/presentation/chart/pareto-drawing.ts";
import {
  markAreaOf,
  markedFront,
  type PlacedPlan,
  type SeriesLayer,
} from "../../../shared/presentation/chart/series-layers.ts";
import { clipped } from "../../../shared/presentation/drawing/drawing.ts";
import { markOfPlan, type Series } from "../../../shared/presentation/plans/series.ts";
import { Shapes } from "../../ui/Drawing.tsx";
import { MarkShape } from "../../ui/MarkShape.tsx";
import styles from "./ParetoChart.module.css";

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
            data={markedFront(layer, frame).map(({ plan }) => plan)}
            shape={(point: unknown) => <FrontMark point={point as ScatterPoint} series={layer.series} />}
            isAnimationActive={false}
          />
        ))}
      </ScatterChart>
    </div>
  );
});

const tickStyle = { fill: "var(--ink-soft)", fontSize: 11.5 } as const;

function FrontLines({ frame, layers }: FrontsProps) {
  const lines = [...layers].reverse().map((layer) => frontLine(layer, frame));
  return <Shapes shapes={[clipped(frame.box, lines)]} />;
}

interface ScatterPoint {
  readonly cx?: number;
  readonly cy?: number;
  readonly payload: PlacedPlan;
}

function FrontMark({
  point: { cx, cy, payload },
  series,
}: {
  readonly point: ScatterPoint;
  readonly series: Series;
}) {
  if (cx === undefined || cy === undefined) return <g />;
  return <MarkShape mark={markOfPlan(series, payload.plan)} area={markAreaOf(series)} left={cx} top={cy} />;
}
