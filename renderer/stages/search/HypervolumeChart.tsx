import { scaleLinear } from "d3-scale";
import { memo, useMemo } from "react";
import { CartesianGrid, Line, LineChart, ReferenceDot, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { formatPercent } from "../../../shared/base/format-number.ts";
import { algorithmSeries } from "../../../shared/presentation/plans/series.ts";
import {
  type HypervolumeHistory,
  hypervolumeDomain,
} from "../../../shared/presentation/progress/hypervolume-history.ts";
import { InlineMark } from "../../ui/MarkShape.tsx";
import styles from "./SearchPanel.module.css";

const dashes = ["", "6 3", "2 2", "8 3 2 3", "4 2"];

/** How fast each algorithm's front improved: its hypervolume over time. */
export const HypervolumeChart = memo(function HypervolumeChart({
  history,
}: {
  readonly history: HypervolumeHistory;
}) {
  const curves = useMemo(
    () =>
      [...history].map(([algorithm, samples], index) => ({
        series: algorithmSeries(algorithm, index === 0),
        samples: [...samples],
        dash: dashes[index % dashes.length],
      })),
    [history],
  );
  const domain = hypervolumeDomain(history);
  const seconds = Math.max(0.1, ...curves.map(({ samples }) => samples.at(-1)?.seconds ?? 0));
  return (
    <figure className={styles.figure}>
      <ResponsiveContainer width="100%" height={132}>
        <LineChart margin={{ top: 6, right: 10, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--border)" />
          <XAxis
            type="number"
            dataKey="seconds"
            domain={[0, seconds]}
            tick={tickStyle}
            ticks={scaleLinear([0, seconds], [0, 1]).ticks(4)}
            stroke="var(--border-strong)"
            tickFormatter={(value: number) => `${Number(value.toPrecision(2))} s`}
            height={20}
          />
          <YAxis
            type="number"
            domain={domain}
            allowDataOverflow
            tick={tickStyle}
            ticks={scaleLinear(domain, [0, 1]).ticks(4)}
            axisLine={false}
            tickLine={false}
            width={48}
            tickFormatter={(value: number) => formatPercent(value, domain[1] - domain[0] < 0.03 ? 1 : 0)}
          />
          {curves.map(({ series: { id, mark }, samples, dash }) => (
            <Line
              key={id}
              data={samples}
              dataKey="hypervolume"
              type="stepAfter"
              stroke={`var(--${mark.colour})`}
              strokeDasharray={dash}
              strokeWidth={1.5}
              dot={false}
              isAnimationActive={false}
            />
          ))}
          {curves.flatMap(({ series: { id, mark }, samples }) => {
            const end = samples.at(-1);
            return end
              ? [
                  <ReferenceDot
                    key={id}
                    x={end.seconds}
                    y={end.hypervolume}
                    r={3}
                    fill={mark.open ? "var(--surface)" : `var(--${mark.colour})`}
                    stroke={`var(--${mark.colour})`}
                  />,
                ]
              : [];
          })}
        </LineChart>
      </ResponsiveContainer>
      <figcaption className={styles.legend}>
        {curves.map(({ series }) => (
          <span key={series.id}>
            <InlineMark mark={series.mark} area={36} />
            {series.title}
          </span>
        ))}
      </figcaption>
    </figure>
  );
});

const tickStyle = { fill: "var(--ink-soft)", fontSize: 11 } as const;
