import { formatCount, formatPercent } from "../../base/format-number.ts";
import type { OutputQuality } from "../../files/summary.ts";
import { type Drawing, dot, group, path, px, rectangle, type Shape, text } from "../drawing/drawing.ts";

const box = { left: 24, right: 174, top: 6, bottom: 156 } as const;
const strip = { top: 162, bottom: 186 } as const;

type Bins = OutputQuality["reliability"];

/**
 * Accuracy against confidence per bin: on the diagonal the output is as often right as it is sure; stems show the
 * gap. The strip below counts the samples of each bin.
 */
export function reliabilityDiagram(bins: Bins): Drawing {
  return {
    width: 180,
    height: 206,
    label: "Reliability diagram: accuracy against confidence",
    shapes: [
      rectangle(box, { stroke: "border" }),
      path(`M${box.left},${box.bottom}L${box.right},${box.top}`, {
        stroke: "ink-faint",
        strokeDasharray: "3 3",
      }),
      ...binShapes(bins),
      path(`M${box.left},${strip.bottom}H${box.right}`, { stroke: "ink-soft" }),
      ...[0, 0.5, 1].flatMap(tickShapes),
      text({ left: box.left + 5, top: box.top + 13 }, "accuracy", { fill: "ink-faint" }),
      text({ left: box.right - 4, top: box.bottom - 5 }, "confidence", { fill: "ink-faint", anchor: "end" }),
    ],
  };
}

function x(share: number): number {
  return box.left + share * (box.right - box.left);
}

function y(share: number): number {
  return box.bottom + share * (box.top - box.bottom);
}

function tickShapes(tick: number): Shape[] {
  const below = { left: x(tick), top: strip.bottom + 14 };
  return [
    text({ left: box.left - 5, top: y(tick) + 4 }, String(tick), { fill: "ink-faint", anchor: "end" }),
    text(below, String(tick), { fill: "ink-faint", anchor: tick === 1 ? "end" : "middle" }),
  ];
}

function binShapes(bins: Bins): Shape[] {
  const total = bins.reduce((sum, { count }) => sum + count, 0) || 1;
  const maxCount = Math.max(...bins.map(({ count }) => count), 1);
  const width = (box.right - box.left) / Math.max(1, bins.length);
  return bins.flatMap(({ confidence, accuracy, count }, bin) => {
    if (count === 0) return [];
    const left = box.left + bin * width;
    const top = strip.bottom - Math.max(0.75, (count / maxCount) * (strip.bottom - strip.top));
    const words = `${formatCount(count)} samples: confidence ${formatPercent(confidence)}, right ${formatPercent(accuracy)}`;
    const stem = `M${px(x(confidence))},${px(y(confidence))}V${px(y(accuracy))}`;
    return [
      group(
        [
          path(stem, { stroke: "wrong", strokeWidth: 1.5 }),
          dot({ left: x(confidence), top: y(accuracy) }, 1.6 + 4 * Math.sqrt(count / total), "right"),
          rectangle({ left, right: left + width - 1, top, bottom: strip.bottom }, { fill: "border-strong" }),
        ],
        words,
      ),
    ];
  });
}
