import { scaleLinear } from "d3-scale";
import { memo, type PointerEvent, useRef } from "react";
import { CartesianGrid, Line, LineChart, ReferenceDot, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { formatPercent } from "../../../shared/base/format-number.ts";
import { type CurvePoint, nearestLine } from "../../../shared/presentation/progress/head-curves.ts";
import { spreadLabels } from "../../../shared/presentation/progress/tuning-curves.ts";

/** A line, epoch by epoch. */
export interface Curve {
  readonly key: string;
  readonly points: readonly CurvePoint[];
  readonly colour: string;
  readonly width?: number;
  readonly dash?: string;
  /** What stands where it ends; nothing if absent. */
  readonly label?: string;
  readonly isStrong?: boolean;
}

interface CurvesProps {
  /** Those without points aren't drawn. */
  readonly curves: readonly Curve[];
  /** First and last epoch that the axis shows. */
  readonly epochs: readonly [number, number];
  readonly domain: readonly [number, number];
  readonly height: number;
  /** Of the axis of values, about. */
  readonly ticks?: number;
  /** Whether there is room for names where lines end; where a line has one if absent. */
  readonly hasNames?: boolean;
  /** The one that is pointed at. */
  readonly shown?: number;
  format(value: number): string;
  /** A line is pointed at, or none any more. */
  onPoint?(curve: number | undefined): void;
}

const plotMargin = { top: 8, right: 12, bottom: 0, left: 0 };
/** Where lines have names. */
const nameWidth = 52;
const axisHeight = 20;
const axisWidth = 44;
const labelHeight = 11;
/** How near the pointer has to come to a line, px. */
const reach = 12;

/** Lines over epochs. */
export const Curves = memo(function Curves({
  curves,
  epochs,
  domain,
  height,
  ticks,
  hasNames = curves.some(({ label }) => label !== undefined),
  shown,
  format,
  onPoint,
}: CurvesProps) {
  const frame = useRef<HTMLDivElement>(null);
  const drawn = curves.flatMap(({ points }, index) => (points.length > 0 ? [index] : []));
  const margin = { ...plotMargin, right: hasNames ? nameWidth : plotMargin.right };
  const bottom = height - margin.top - axisHeight;
  const place = scaleLinear(domain, [bottom, 0]);
  const tops = curves.map(({ points }) => place(points.at(-1)?.value ?? domain[0]));
  const labelled = drawn.filter((index) => curves[index].label !== undefined || index === shown);
  const spread = spreadLabels(
    labelled.map((index) => tops[index]),
    labelHeight,
    bottom,
  );
  // What is pointed at lies above the others.
  const order = drawn.sort((a, b) => Number(a === shown) - Number(b === shown));
  const point = ({ clientX, clientY }: PointerEvent) => {
    const { left, top, width } = frame.current!.getBoundingClientRect();
    const across = scaleLinear(epochs, [axisWidth, width - margin.right]);
    const lines = curves.map(({ points }) =>
      points.map(({ epoch, value }) => ({ x: across(epoch), y: margin.top + place(value) })),
    );
    onPoint?.(nearestLine(lines, { x: clientX - left, y: clientY - top }, reach));
  };
  return (
    <div ref={frame} onPointerMove={onPoint && point} onPointerLeave={() => onPoint?.(undefined)}>
      <ResponsiveContainer width="100%" height={height}>
        <LineChart margin={margin} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--border)" />
          <XAxis {...epochAxis(epochs)} />
          <YAxis {...valueAxis(domain, ticks)} tickFormatter={format} />
          {order.map((index) => (
            <Line
              key={curves[index].key}
              data={[...curves[index].points]}
              dataKey="value"
              stroke={colourOf(curves[index], index === shown)}
              strokeWidth={index === shown ? 2 : (curves[index].width ?? 1.25)}
              strokeDasharray={curves[index].dash}
              dot={curves[index].points.length === 1}
              isAnimationActive={false}
            />
          ))}
          {labelled.map((index, at) => (
            <EndLabel
              key={curves[index].key}
              curve={curves[index]}
              isShown={index === shown}
              shift={spread[at] - tops[index]}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
});

interface EndLabelProps {
  readonly curve: Curve;
  readonly isShown: boolean;
  /** Down, px, to stand clear of others. */
  readonly shift: number;
}

function EndLabel({ curve, isShown, shift }: EndLabelProps) {
  const { epoch, value } = curve.points.at(-1)!;
  return (
    <ReferenceDot
      x={epoch}
      y={value}
      r={2}
      fill={colourOf(curve, isShown)}
      stroke="none"
      label={{
        value: curve.label,
        position: "right",
        dy: shift,
        fill: isShown ? "var(--series-live-ink)" : "var(--ink)",
        fontSize: 11,
        fontWeight: isShown || curve.isStrong ? 600 : 400,
      }}
    />
  );
}

function colourOf({ colour }: Curve, isShown: boolean): string {
  return isShown ? "var(--series-live)" : colour;
}

/** Of an axis: with a decimal where the values are close to each other. */
export function accuracyFormat([low, high]: readonly [number, number]): (value: number) => string {
  return (value) => formatPercent(value, high - low < 0.04 ? 1 : 0);
}

const tickStyle = { fill: "var(--ink-soft)", fontSize: 11 } as const;

function epochAxis([first, last]: CurvesProps["epochs"]) {
  return {
    type: "number",
    dataKey: "epoch",
    domain: [first, last],
    ticks: scaleLinear([first, last], [0, 1])
      .ticks(Math.min(last - first, 5))
      .filter(Number.isInteger),
    tick: tickStyle,
    stroke: "var(--border-strong)",
    height: axisHeight,
  } as const;
}

function valueAxis(domain: CurvesProps["domain"], ticks = 4) {
  return {
    type: "number",
    domain: [...domain],
    allowDataOverflow: true,
    tick: tickStyle,
    ticks: scaleLinear(domain, [0, 1]).ticks(ticks),
    axisLine: false,
    tickLine: false,
    width: axisWidth,
  } as const;
}
