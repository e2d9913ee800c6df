import { formatCount, formatPercent } from "../../base/format-number.ts";
import type { SurenessChange } from "../../field/field-report.ts";
import { type Drawing, group, path, px, rectangle, type Shape, text } from "../drawing/drawing.ts";

const height = 134;
const box = { left: 36, right: 8, top: 20, bottom: 18 } as const;

/** A bin of both samples, as shares of all that reach the exit. */
interface Bin {
  readonly calibration: number;
  readonly field: number;
}

/**
 * The field's confidences as an outline over calibration's, as shares of those that reach the exit; on a logarithmic scale,
 * so that the few remain visible beside the many.
 * @param threshold that the field was counted with
 */
export function fieldHistogram({ bins }: SurenessChange, threshold: number, width: number): Drawing {
  const shares = sharesOf(bins);
  const barWidth = Math.max(1, width - box.left - box.right) / shares.length;
  const bottom = height - box.bottom;
  const largest = Math.max(
    smallestShare * 10,
    ...shares.flatMap(({ field, calibration }) => [field, calibration]),
  );
  const top = scaleOf(largest, bottom);
  const left = (bin: number) => box.left + bin * barWidth;
  const leaves = box.left + Math.min(1, Math.max(0, threshold)) * barWidth * shares.length;
  return {
    width,
    height,
    label: `Confidences in the field over those of calibration, ${formatCount(shares.length)} bins`,
    shapes: [
      ...shares.map((bin, index) => {
        const sides = { left: left(index), right: left(index + 1) };
        const ground = rectangle({ ...sides, top: box.top, bottom }, { fill: "surface", fillOpacity: 0 });
        const bar = { left: sides.left + 0.5, right: sides.right - 0.5, top: top(bin.calibration), bottom };
        return group(
          [ground, rectangle(bar, { fill: "border-strong" })],
          binTitle(bin, index, shares.length),
        );
      }),
      path(outline(shares, left, top, bottom), { stroke: "series-live", strokeWidth: 1.75 }),
      path(`M${box.left},${bottom}H${px(width - box.right)}`, { stroke: "ink-soft" }),
      path(`M${px(leaves)},${box.top - 4}V${bottom}`, { stroke: "ink", strokeDasharray: "3 3" }),
      ...legend(),
      ...[0, 0.25, 0.5, 0.75, 1].map((value) =>
        text({ left: left(value * shares.length), top: height - 4 }, String(value), {
          fill: "ink-faint",
          anchor: value === 1 ? "end" : "middle",
        }),
      ),
      ...[0.1, 0.01, 0.001]
        .filter((share) => share < largest)
        .map((share) =>
          text({ left: box.left - 4, top: top(share) + 3.5 }, `${100 * share} %`, {
            fill: "ink-faint",
            anchor: "end",
          }),
        ),
    ],
  };
}

function sharesOf({ field, calibration }: SurenessChange["bins"]): Bin[] {
  const [there, here] = [field, calibration].map((counts) =>
    Math.max(
      1,
      counts.reduce((sum, count) => sum + count, 0),
    ),
  );
  return field.map((count, bin) => ({ field: count / there, calibration: calibration[bin] / here }));
}

/** Shares that are worth a pixel; below, bars have no height. */
const smallestShare = 1e-4;

/** @returns where a share's bar ends, px from the top */
function scaleOf(largest: number, bottom: number): (share: number) => number {
  const decades = (share: number) => Math.log10(Math.max(1, share / smallestShare));
  const unit = (bottom - box.top) / decades(largest);
  return (share) => px(bottom - unit * decades(share));
}

function outline(
  shares: readonly Bin[],
  left: (bin: number) => number,
  top: (share: number) => number,
  bottom: number,
): string {
  const steps = shares.map(({ field }, bin) => `V${top(field)}H${px(left(bin + 1))}`);
  return `M${px(left(0))},${bottom}${steps.join("")}V${bottom}`;
}

function legend(): Shape[] {
  const middle = 7;
  return [
    path(`M${box.left},${middle}h14`, { stroke: "series-live", strokeWidth: 1.75 }),
    text({ left: box.left + 19, top: middle + 4 }, "field"),
    rectangle(
      { left: box.left + 58, right: box.left + 68, top: middle - 5, bottom: middle + 5 },
      { fill: "border-strong" },
    ),
    text({ left: box.left + 73, top: middle + 4 }, "calibration"),
  ];
}

function binTitle({ field, calibration }: Bin, bin: number, bins: number): string {
  const [from, to] = [bin, bin + 1].map((end) => (end / bins).toFixed(2));
  return `confidence ${from} to ${to}: ${formatPercent(field, 2)} in the field, ${formatPercent(calibration, 2)} on calibration`;
}
