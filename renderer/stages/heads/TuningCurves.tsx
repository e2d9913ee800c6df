import { scaleLinear } from "d3-scale";
import { memo, useMemo } from "react";
import { CartesianGrid, Line, LineChart, ReferenceDot, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { formatPercent } from "../../../shared/base/format-number.ts";
import type { TunedEpoch } from "../../../shared/model/tuned-epoch.ts";
import {
  curveDomain,
  shownEpochs,
  spreadLabels,
  type TuningCurve,
  tuningCurves,
  tuningLosses,
} from "../../../shared/presentation/progress/tuning-curves.ts";
import styles from "./Tuning.module.css";

interface TuningCurvesProps {
  readonly epochs: readonly TunedEpoch[];
  /** What each output is called where its line ends. */
  readonly labels: readonly string[];
  /** The output that is pointed at. */
  readonly shown: number | undefined;
}

const accuracyHeight = 168;
const lossHeight = 64;
const margin = { top: 8, right: 52, bottom: 0, left: 0 };
const axisHeight = 20;
const axisWidth = 44;
const labelHeight = 11;
const lossTicks = 2;

/** How the accuracies of all outputs went, epoch by epoch, and below them the loss. */
export const TuningCurves = memo(function TuningCurves({ epochs, labels, shown }: TuningCurvesProps) {
  const curves = useMemo(() => tuningCurves(epochs), [epochs]);
  const losses = useMemo(() => tuningLosses(epochs), [epochs]);
  const end = shownEpochs(epochs);
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>Accuracy, by epoch</figcaption>
      <Accuracies curves={curves} end={end} labels={labels} shown={shown} />
      {losses.length > 0 && (
        <>
          <figcaption className={styles.caption}>Loss</figcaption>
          <Losses losses={losses} end={end} />
        </>
      )}
    </figure>
  );
});

interface AccuraciesProps extends Pick<TuningCurvesProps, "labels" | "shown"> {
  readonly curves: readonly TuningCurve[];
  readonly end: number;
}

function Accuracies({ curves, end, labels, shown }: AccuraciesProps) {
  const values = curves.flatMap(({ points }) => points.map(({ accuracy }) => accuracy));
  const domain = curveDomain(values, 0.02, 1);
  const bottom = accuracyHeight - margin.top - axisHeight;
  const place = scaleLinear(domain, [bottom, 0]);
  const tops = curves.map(({ now }) => place(now));
  const spread = spreadLabels(tops, labelHeight, bottom);
  // What is pointed at lies above the others.
  const order = curves.map((_, output) => output).sort((a, b) => Number(a === shown) - Number(b === shown));
  return (
    <ResponsiveContainer width="100%" height={accuracyHeight}>
      <LineChart margin={margin} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis {...epochAxis(end)} />
        <YAxis
          {...valueAxis(domain)}
          tickFormatter={(value: number) => formatPercent(value, domain[1] - domain[0] < 0.04 ? 1 : 0)}
        />
        {order.map((output) => (
          <Line
            key={output}
            data={[...curves[output].points]}
            dataKey="accuracy"
            stroke={colourOf(curves[output], output === shown)}
            strokeWidth={curves[output].isOutput || output === shown ? 2 : 1.25}
            dot={curves[output].points.length === 1}
            isAnimationActive={false}
          />
        ))}
        {order.map((output) => {
          const last = curves[output].points.at(-1)!;
          return (
            <ReferenceDot
              key={output}
              x={last.epoch}
              y={last.accuracy}
              r={2}
              fill={colourOf(curves[output], output === shown)}
              stroke="none"
              label={{
                value: labels[output],
                position: "right",
                dy: spread[output] - tops[output],
                fill: output === shown ? "var(--series-live-ink)" : "var(--ink)",
                fontSize: 11,
                fontWeight: output === shown || curves[output].isOutput ? 600 : 400,
              }}
            />
          );
        })}
      </LineChart>
    </ResponsiveContainer>
  );
}

function Losses({
  losses,
  end,
}: {
  readonly losses: { epoch: number; loss: number }[];
  readonly end: number;
}) {
  const domain = curveDomain(
    losses.map(({ loss }) => loss),
    0.01,
  );
  return (
    <ResponsiveContainer width="100%" height={lossHeight}>
      <LineChart margin={margin} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis {...epochAxis(end)} />
        <YAxis
          {...valueAxis(domain, lossTicks)}
          tickFormatter={scaleLinear(domain, [0, 1]).tickFormat(lossTicks)}
        />
        <Line
          data={losses}
          dataKey="loss"
          stroke="var(--series-schemes)"
          strokeWidth={1.5}
          dot={losses.length === 1}
          isAnimationActive={false}
        />
      </LineChart>
    </ResponsiveContainer>
  );
}

function colourOf({ isOutput }: TuningCurve, isShown: boolean): string {
  if (isShown) return "var(--series-live)";
  return isOutput ? "var(--series-backbone)" : "var(--series-ours)";
}

const tickStyle = { fill: "var(--ink-soft)", fontSize: 11 } as const;

function epochAxis(end: number) {
  return {
    type: "number",
    dataKey: "epoch",
    domain: [0, end],
    ticks: scaleLinear([0, end], [0, 1]).ticks(Math.min(end, 5)).filter(Number.isInteger),
    tick: tickStyle,
    stroke: "var(--border-strong)",
    height: axisHeight,
  } as const;
}

function valueAxis(domain: [number, number], ticks = 4) {
  return {
    type: "number",
    domain,
    allowDataOverflow: true,
    tick: tickStyle,
    ticks: scaleLinear(domain, [0, 1]).ticks(ticks),
    axisLine: false,
    tickLine: false,
    width: axisWidth,
  } as const;
}
