import { formatCount, formatPercent } from "../../shared/base/format-number.ts";
import type { OutputQuality } from "../../shared/files/summary.ts";
import styles from "./ReliabilityDiagram.module.css";

const size = { width: 180, height: 206 } as const;
const box = { left: 24, right: 174, top: 6, bottom: 156 } as const;
const countsTop = 162;
const countsBottom = 186;

/**
 * Accuracy against confidence per bin, as in the report: on the diagonal the output is as often right as it is sure;
 * stems show the gap. The strip below counts the samples of each bin.
 */
export function ReliabilityDiagram({ bins }: { readonly bins: OutputQuality["reliability"] }) {
  const x = (share: number) => box.left + share * (box.right - box.left);
  const y = (share: number) => box.bottom + share * (box.top - box.bottom);
  const total = bins.reduce((sum, { count }) => sum + count, 0) || 1;
  const max = Math.max(...bins.map(({ count }) => count), 1);
  const barWidth = (box.right - box.left) / Math.max(1, bins.length);
  return (
    <svg
      className={styles.diagram}
      width={size.width}
      height={size.height}
      role="img"
      aria-label="Reliability diagram: accuracy against confidence"
    >
      <rect
        className={styles.frame}
        x={box.left}
        y={box.top}
        width={box.right - box.left}
        height={box.bottom - box.top}
      />
      <path className={styles.diagonal} d={`M${box.left},${box.bottom}L${box.right},${box.top}`} />
      {bins.map(({ confidence, accuracy, count }, bin) => {
        if (count === 0) return null;
        const height = Math.max(0.75, (count / max) * (countsBottom - countsTop));
        return (
          <g key={confidence}>
            <title>
              {`${formatCount(count)} samples: confidence ${formatPercent(confidence)}, right ${formatPercent(accuracy)}`}
            </title>
            <path className={styles.stem} d={`M${x(confidence)},${y(confidence)}V${y(accuracy)}`} />
            <circle
              className={styles.bin}
              cx={x(confidence)}
              cy={y(accuracy)}
              r={1.6 + 4 * Math.sqrt(count / total)}
            />
            <rect
              className={styles.count}
              x={box.left + bin * barWidth}
              y={countsBottom - height}
              width={barWidth - 1}
              height={height}
            />
          </g>
        );
      })}
      <path className={styles.base} d={`M${box.left},${countsBottom}H${box.right}`} />
      {[0, 0.5, 1].map((tick) => (
        <g key={tick} className={styles.tick}>
          <text x={box.left - 5} y={y(tick) + 4} textAnchor="end">
            {tick}
          </text>
          <text x={x(tick)} y={countsBottom + 14} textAnchor={tick === 1 ? "end" : "middle"}>
            {tick}
          </text>
        </g>
      ))}
      <text className={styles.axis} x={box.left + 5} y={box.top + 13}>
        accuracy
      </text>
      <text className={styles.axis} x={box.right - 4} y={box.bottom - 5} textAnchor="end">
        confidence
      </text>
    </svg>
  );
}
