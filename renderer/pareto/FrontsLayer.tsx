import { memo } from "react";
import { CartesianGrid, Scatter, ScatterChart, XAxis, YAxis } from "recharts";
import type { ChartFrame } from "./chart-frame.ts";
import { linePoints, markDistance, marked, type PlacedPlan, type SeriesLayer } from "./chart-layers.ts";
import { MarkShape } from "./MarkShape.tsx";
import styles from "./ParetoChart.module.css";
import type { Series } from "./series.ts";

const markArea = { ours: 24, alternative: 42, scheme: 34 } as const;

/** Axes, and the front of every series as a step line with marks. */
export const FrontsLayer = memo(function FrontsLayer({
  frame,
  layers,
}: {
  readonly frame: ChartFrame;
  readonly layers: readonly SeriesLayer[];
}) {
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
        {[...layers].reverse().map((layer) => (
          <Scatter
            key={layer.series.id}
            data={scatterData(layer, frame)}
            line={lineStyle(layer.series)}
            lineJointType="stepAfter"
            shape={(point: unknown) => <FrontMark point={point as ScatterPoint} series={layer.series} />}
            isAnimationActive={false}
          />
        ))}
      </ScatterChart>
    </div>
  );
});

const tickStyle = { fill: "var(--ink-soft)", fontSize: 11.5 } as const;

function lineStyle({ role, mark }: Series) {
  return {
    stroke: `var(--${mark.colour})`,
    strokeWidth: role === "ours" ? 1.75 : 1,
    strokeOpacity: role === "ours" ? 1 : 0.75,
  };
}

interface Datum extends PlacedPlan {
  readonly isMarked: boolean;
}

interface ScatterPoint {
  readonly cx?: number;
  readonly cy?: number;
  readonly payload?: Datum;
}

function scatterData({ series, front }: SeriesLayer, frame: ChartFrame): Datum[] {
  const marks = new Set(marked(front, frame, markDistance[roleOf(series)]).map(({ plan }) => plan));
  const line = new Set(linePoints(front, frame));
  return front
    .filter((plan) => marks.has(plan) || line.has(plan))
    .map((plan) => ({ ...plan, isMarked: marks.has(plan) }));
}

function roleOf({ role }: Series): keyof typeof markArea {
  return role === "ours" || role === "scheme" ? role : "alternative";
}

function FrontMark({ point, series }: { readonly point: ScatterPoint; readonly series: Series }) {
  const { cx, cy, payload } = point;
  if (!payload?.isMarked || cx === undefined || cy === undefined) return <g />;
  return <MarkShape mark={series.mark} area={markArea[roleOf(series)]} left={cx} top={cy} />;
}
