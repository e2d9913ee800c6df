import { type KeyboardEvent, memo, type PointerEvent, useId, useMemo, useRef } from "react";
import { formatCount, formatQuantity } from "../../../shared/base/format-number.ts";
import { type ConfidenceBins, countTicks } from "../../../shared/presentation/exits/confidence-bins.ts";
import { runCommand } from "../../state/commands.ts";
import { useElementWidth } from "../pieces/use-element-width.ts";
import styles from "./ConfidenceHistogram.module.css";

const height = 150;
const box = { left: 36, right: 8, top: 16, bottom: 18 } as const;
const plotHeight = height - box.top - box.bottom;
const fine = 0.001;
const coarse = 0.01;

/**
 * Confidences, right ones above the line and wrong ones below it, with the threshold to drag: what stands to the
 * right of it leaves. Counts stand on a logarithmic scale, so that the few remain visible beside the many.
 */
export function ConfidenceHistogram({
  exit,
  bins,
  threshold,
  valueText,
  onChange,
}: {
  /** Index of the exit in its plan. */
  readonly exit: number;
  readonly bins: ConfidenceBins;
  readonly threshold: number;
  readonly valueText: string;
  onChange(threshold: number): void;
}) {
  const [ref, width] = useElementWidth();
  const plotWidth = Math.max(1, width - box.left - box.right);
  const scale = useMemo(() => countScale(bins), [bins]);
  const x = box.left + plotWidth * Math.min(1, Math.max(0, threshold));
  return (
    <div ref={ref} className={styles.histogram} style={{ height }}>
      {width > 0 && (
        <>
          <Bars bins={bins} scale={scale} width={width} />
          <div className={styles.veil} style={{ left: box.left, width: x - box.left }} />
          <span className={styles.word} style={{ left: box.left + 4, top: scale.zero - 16 }}>
            right
          </span>
          <span className={styles.word} style={{ left: box.left + 4, top: scale.zero + 2 }}>
            wrong
          </span>
          <ThresholdLine
            exit={exit}
            x={x}
            plotWidth={plotWidth}
            threshold={threshold}
            valueText={valueText}
            onChange={onChange}
          />
        </>
      )}
    </div>
  );
}

interface CountScale {
  /** Where the line between right and wrong stands, px from the top. */
  readonly zero: number;
  /** Height of a bar, px. */
  heightOf(count: number): number;
}

function countScale({ right, wrong }: ConfidenceBins): CountScale {
  const decades = (count: number) => Math.log10(1 + count);
  const [above, below] = [decades(Math.max(...right)), decades(Math.max(...wrong))];
  // Room for the label of a side that is empty.
  const unit = plotHeight / (Math.max(above, 0.5) + Math.max(below, 0.5));
  return { zero: box.top + unit * Math.max(above, 0.5), heightOf: (count) => unit * decades(count) };
}

const Bars = memo(function Bars({
  bins: { right, wrong },
  scale: { zero, heightOf },
  width,
}: {
  readonly bins: ConfidenceBins;
  readonly scale: CountScale;
  readonly width: number;
}) {
  const hatch = useId();
  const barWidth = (width - box.left - box.right) / right.length;
  const left = (bin: number) => box.left + bin * barWidth;
  const ticks = [
    ...spread(countTicks(Math.max(...right)), heightOf).map((count) => ({
      count,
      y: zero - heightOf(count),
    })),
    ...spread(countTicks(Math.max(...wrong)), heightOf).map((count) => ({
      count,
      y: zero + heightOf(count),
    })),
  ];
  return (
    <svg
      className={styles.bars}
      width={width}
      height={height}
      role="img"
      aria-label={`Histogram of confidences: ${formatCount(sum(right))} right, ${formatCount(sum(wrong))} wrong`}
    >
      <defs>
        <pattern id={hatch} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="4" height="4" className={styles.wrongGround} />
          <rect width="1.6" height="4" className={styles.wrongLines} />
        </pattern>
      </defs>
      {ticks.map(({ count, y }) => (
        <g key={y}>
          <path className={styles.grid} d={`M${box.left},${y}H${width - box.right}`} />
          <text className={styles.tick} x={box.left - 4} y={y + 3.5} textAnchor="end">
            {formatQuantity(count)}
          </text>
        </g>
      ))}
      {right.map((count, bin) => (
        <g key={left(bin)}>
          <title>{binTitle(bin, right.length, count, wrong[bin])}</title>
          <rect className={styles.ground} x={left(bin)} y={box.top} width={barWidth} height={plotHeight} />
          <rect
            className={styles.right}
            x={left(bin) + 0.5}
            y={zero - heightOf(count)}
            width={Math.max(0.5, barWidth - 1)}
            height={heightOf(count)}
          />
          <rect
            fill={`url(#${hatch})`}
            x={left(bin) + 0.5}
            y={zero}
            width={Math.max(0.5, barWidth - 1)}
            height={heightOf(wrong[bin])}
          />
        </g>
      ))}
      <path className={styles.zero} d={`M${box.left},${zero}H${width - box.right}`} />
      {[0, 0.25, 0.5, 0.75, 1].map((value) => (
        <text
          key={value}
          className={styles.tick}
          x={box.left + value * (width - box.left - box.right)}
          y={height - 4}
          textAnchor={value === 1 ? "end" : "middle"}
        >
          {value}
        </text>
      ))}
    </svg>
  );
});

/** Drops ticks whose labels would touch, the lower ones first. */
function spread(ticks: readonly number[], heightOf: (count: number) => number): number[] {
  let last = Number.POSITIVE_INFINITY;
  return [...ticks].reverse().filter((count) => {
    const y = heightOf(count);
    if (y < 12 || last - y < 12) return false;
    last = y;
    return true;
  });
}

function binTitle(bin: number, bins: number, right: number, wrong: number): string {
  const digits = (value: number) => value.toFixed(3);
  return `confidence ${digits(bin / bins)} to ${digits((bin + 1) / bins)}: ${formatCount(right)} right, ${formatCount(wrong)} wrong`;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function ThresholdLine({
  exit,
  x,
  plotWidth,
  threshold,
  valueText,
  onChange,
}: {
  readonly exit: number;
  readonly x: number;
  readonly plotWidth: number;
  readonly threshold: number;
  readonly valueText: string;
  onChange(threshold: number): void;
}) {
  // Measured once a drag: measuring at each step would force a layout.
  const plotLeft = useRef(0);
  const move = (value: number) => onChange(Math.min(1, Math.max(0, Number(value.toFixed(4)))));
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    move(Number(((event.clientX - plotLeft.current) / plotWidth).toFixed(3)));
  };
  const press = (event: KeyboardEvent) => {
    // What has the keyboard goes with the selection, which the key clears.
    if (event.key === "Escape") return runCommand("graph.focus");
    const value = valueAfter(event, threshold);
    if (value === undefined) return;
    event.preventDefault();
    move(value);
  };
  return (
    <div
      className={styles.line}
      style={{ transform: `translateX(${x}px)` }}
      role="slider"
      tabIndex={0}
      data-pane-entry
      data-threshold={exit}
      aria-label="Threshold in the histogram"
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={threshold}
      aria-valuetext={valueText}
      onPointerDown={(event) => {
        const histogram = event.currentTarget.parentElement!;
        plotLeft.current = histogram.getBoundingClientRect().left + box.left;
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.focus({ preventScroll: true });
      }}
      onPointerMove={drag}
      onKeyDown={press}
    >
      {x > box.left + 46 && <span className={styles.goOn}>go on</span>}
      {x < box.left + plotWidth - 38 && <span className={styles.leave}>leave</span>}
    </div>
  );
}

/** Arrows step finely, with Shift and by page coarsely, Home and End go to the ends. */
function valueAfter({ key, shiftKey }: KeyboardEvent, value: number): number | undefined {
  const step = shiftKey ? coarse : fine;
  switch (key) {
    case "ArrowRight":
    case "ArrowUp":
      return value + step;
    case "ArrowLeft":
    case "ArrowDown":
      return value - step;
    case "PageUp":
      return value + coarse;
    case "PageDown":
      return value - coarse;
    case "Home":
      return 0;
    case "End":
      return 1;
    default:
      return undefined;
  }
}
