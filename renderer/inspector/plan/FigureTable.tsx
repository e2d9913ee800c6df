import { TriangleAlert } from "lucide-react";
import {
  formatBytes,
  formatCount,
  formatFactor,
  formatMs,
  formatPercent,
  formatPoints,
  formatQuantity,
  formatSignedPoints,
} from "../../../shared/base/format-number.ts";
import { shareInterval } from "../../../shared/base/intervals.ts";
import { pairedAccuracy } from "../../../shared/evaluate/live/paired-accuracy.ts";
import type { PlanFigures } from "../../../shared/model/plan.ts";
import { countRight } from "../../../shared/space/reference-point.ts";
import { effectiveSamples } from "../../../shared/space/search-space.ts";
import { useLive } from "../../state/live-store.ts";
import styles from "./FigureTable.module.css";

interface Row {
  readonly label: string;
  /** What is left out where the column is narrow. */
  readonly unit?: string;
  readonly live: string;
  readonly backbone: string;
  readonly gain: string;
  readonly isWorse: boolean;
  /** 95 % intervals of the live value and of the gain. */
  readonly intervals?: readonly [string, string];
}

/** The live plan's figures beside the backbone's, and what is gained: more than 1x is good. */
export function FigureTable() {
  const figures = useLive((state) => state.figures);
  const backbone = useLive((state) => state.backbone);
  const routing = useLive((state) => state.routing);
  const space = useLive((state) => state.space);
  if (!figures || !backbone || !routing || !space) return null;
  const { differencePp, halfWidthPp } = pairedAccuracy(routing.correct, space);
  const rows = [
    accuracyRow(figures, backbone, effectiveSamples(space), differencePp, halfWidthPp),
    ...costRows(figures, backbone),
  ];
  const worse = rows
    .filter(({ isWorse }) => isWorse)
    .map(({ label, unit }) => (unit ? `${label} ${unit}` : label));
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <td />
            <th scope="col">live</th>
            <th scope="col">backbone</th>
            <th scope="col">gain</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, unit, live, backbone: theirs, gain, isWorse, intervals }) => (
            <tr key={label}>
              <th scope="row">
                {label}
                {unit && <span className={styles.unit}> {unit}</span>}
              </th>
              <td className={styles.live}>
                {live}
                {intervals && <small>{intervals[0]}</small>}
              </td>
              <td>{theirs}</td>
              <td className={isWorse ? styles.worse : undefined}>
                {gain}
                {intervals && <small>{intervals[1]}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {space.weights && (
        <p className={styles.weighted}>
          Weighted by class; worth {formatCount(space.weights.effectiveSamples).replace(" ", "\u00a0")} equal
          samples. Unweighted: {formatPercent(plainShare(routing.correct))}, backbone{" "}
          {formatPercent(plainShare(space.backboneCorrect))}.
        </p>
      )}
      {worse.length > 0 && (
        <p className={styles.note}>
          <TriangleAlert size={13} aria-hidden />
          <span>Worse than the backbone: {worse.join(", ")}.</span>
        </p>
      )}
    </>
  );
}

function plainShare(correct: Uint8Array): number {
  return countRight(correct) / correct.length;
}

function accuracyRow(
  figures: PlanFigures,
  backbone: PlanFigures,
  samples: number,
  differencePp: number,
  halfWidthPp: number,
): Row {
  const [low, high] = shareInterval(figures.accuracy * samples, samples);
  return {
    label: "accuracy",
    live: formatPercent(figures.accuracy),
    backbone: formatPercent(backbone.accuracy),
    gain: formatSignedPoints(differencePp),
    isWorse: differencePp < 0,
    intervals: [`${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}`, `± ${formatPoints(halfWidthPp)}`],
  };
}

function costRows(figures: PlanFigures, backbone: PlanFigures): Row[] {
  const row = (
    [label, unit]: readonly [string, string?],
    live: number,
    theirs: number,
    format: (value: number) => string,
  ): Row => ({
    label,
    unit,
    live: format(live),
    backbone: format(theirs),
    gain: formatFactor(theirs / live),
    isWorse: live > theirs,
  });
  const { latencyMs: live } = figures;
  const { latencyMs: theirs } = backbone;
  return [
    row(["mean", "latency"], live.mean, theirs.mean, formatMs),
    row(["p50", "latency"], live.p50, theirs.p50, formatMs),
    row(["p95", "latency"], live.p95, theirs.p95, formatMs),
    row(["worst", "latency"], live.worst, theirs.worst, formatMs),
    row(["mean MACs"], figures.macs, backbone.macs, formatQuantity),
    row(["size"], figures.bytes, backbone.bytes, formatBytes),
  ];
}
