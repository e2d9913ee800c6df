import { scaleLinear } from "d3-scale";
import { formatCount, formatPercent } from "../../../shared/base/format-number.ts";
import type { OutputQuality } from "../../../shared/files/summary.ts";
import { drawing } from "./chart-frame.ts";
import { type Html, html } from "./html.ts";

const size = { width: 180, height: 206 } as const;
const box = { left: 24, right: 174, top: 6, bottom: 156 } as const;
const countsTop = 162;
const countsBottom = 186;

/**
 * Accuracy against confidence per bin: on the diagonal the output is as often right as it is sure; stems show the
 * gap. The strip below counts the samples of each bin.
 */
export function drawReliability({ reliability }: OutputQuality): Html {
  const x = scaleLinear([0, 1], [box.left, box.right]);
  const y = scaleLinear([0, 1], [box.bottom, box.top]);
  const total = reliability.reduce((sum, { count }) => sum + count, 0) || 1;
  const most = Math.max(...reliability.map(({ count }) => count), 1);
  const barWidth = (box.right - box.left) / Math.max(1, reliability.length);
  return drawing(
    size.width,
    size.height,
    "Reliability diagram: accuracy against confidence",
    html`<rect class="frame" x="${box.left}" y="${box.top}" width="${box.right - box.left}" height="${box.bottom - box.top}"/>
      <path class="diagonal" d="M${box.left},${box.bottom}L${box.right},${box.top}"/>
      ${reliability.map(({ confidence, accuracy, count }, bin) => {
        if (count === 0) return undefined;
        const height = Math.max(0.75, (count / most) * (countsBottom - countsTop));
        return html`<g>
          <title>${formatCount(count)} samples: confidence ${formatPercent(confidence)}, right ${formatPercent(accuracy)}</title>
          <path class="stem" d="M${x(confidence)},${y(confidence)}V${y(accuracy)}"/>
          <circle class="bin" cx="${x(confidence)}" cy="${y(accuracy)}" r="${1.6 + 4 * Math.sqrt(count / total)}"/>
          <rect class="count" x="${box.left + bin * barWidth}" y="${countsBottom - height}" width="${barWidth - 1}" height="${height}"/>
        </g>`;
      })}
      <g class="axis">
        <path class="base" d="M${box.left},${countsBottom}H${box.right}"/>
        ${[0, 0.5, 1].map(
          (tick) => html`<text x="${box.left - 5}" y="${y(tick) + 4}" text-anchor="end">${String(tick)}</text>
            <text x="${x(tick)}" y="${countsBottom + 14}" text-anchor="${tick === 1 ? "end" : "middle"}">${String(tick)}</text>`,
        )}
      </g>`,
  );
}
