import { scaleLinear } from "d3-scale";
import { formatPercent, formatSignedPoints } from "../../../shared/base/format-number.ts";
import { drawing } from "./chart-frame.ts";
import type { PlanView } from "./exit-view.ts";
import { type Html, html } from "./html.ts";

const rowHeight = 44;
const barHeight = 13;

/** Per output the share of samples that it answers: predicted as outline, measured filled. */
export function drawExitRates({ exits, final }: PlanView, width: number): Html {
  const rows = [
    ...exits.map(({ number, rate }) => ({ title: `exit ${number}`, rate })),
    { title: "backbone", rate: final.rate },
  ];
  const left = 70;
  const most = Math.max(...rows.flatMap(({ rate }) => [rate.predicted, rate.measured]), 0.01);
  const x = scaleLinear([0, most], [left, width - 62]);
  const bar = (share: number, y: number, kind: string) =>
    html`<rect class="bar ${kind}" x="${left}" y="${y}" width="${Math.max(0.5, x(share) - left)}" height="${barHeight}"/>
      <text class="value" x="${x(share) + 6}" y="${y + 11}">${formatPercent(share)}</text>`;
  return drawing(
    width,
    rows.length * rowHeight + 4,
    "Share of samples that each exit answers, predicted and measured",
    html`${rows.map(({ title, rate }, index) => {
      const y = index * rowHeight + 6;
      return html`<g>
        <title>${title}: measured ${formatSignedPoints(100 * (rate.measured - rate.predicted))} against the prediction</title>
        <text class="label strong" x="${left - 10}" y="${y + barHeight + 5}" text-anchor="end">${title}</text>
        ${bar(rate.predicted, y, "predicted")}
        ${bar(rate.measured, y + barHeight + 2, "measured")}
      </g>`;
    })}
    <path class="axis-line" d="M${left},0V${rows.length * rowHeight}"/>`,
  );
}
