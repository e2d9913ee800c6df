import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import {
  agreements,
  type Figure,
  verifiedRows,
} from "../../../shared/presentation/verdict/verified-figures.ts";
import type { ReportData } from "./report-data.ts";

/** The plan's figures as predicted and as measured, in the same format, with the backbone's beside them. */
export function comparisonSection({ summary, front }: ReportData): Html {
  const rows = verifiedRows(summary, front.recommended.figures.exitRates);
  const chosenOn = summary.crossFit ? "held-out" : "calibration";
  return html`<section>
    <h2>Predicted and measured</h2>
    <p class="note">Measured: the exported file and the backbone run in turns over the test split in one process, sample by sample, at batch 1, turns so short that what holds up the machine holds up both. As profiled: the split's confidence table joined with the profile; the plan was chosen by the ${chosenOn} column. Predicted: the same with latencies scaled by the machine drift, which only the backbone's runs decide. Intervals are of <span class="together">95 %</span>.</p>
    <div class="scroll"><table class="comparison">
      <thead>
        <tr><th rowspan="2">&nbsp;</th><th rowspan="2" class="num">Backbone<br>measured</th><th colspan="5">Plan</th></tr>
        <tr><th class="num">test,<br>measured</th><th class="num">test,<br>predicted</th><th class="num">measured −<br>predicted</th><th class="num">test, as<br>profiled</th><th class="num">${chosenOn},<br>as profiled</th></tr>
      </thead>
      <tbody>${rows.map(
        (row) => html`<tr><th>${row.title}</th>
          ${cell(row.backbone)}${cell(row.measured, "strong")}${cell(row.predicted)}
          <td class="num soft">${row.difference ?? ""}</td>${cell(row.profiled, "soft")}${cell(row.calibration, "soft")}</tr>`,
      )}</tbody>
    </table></div>
    <dl class="facts">${agreements(summary).map(
      ({ name, value, note }) =>
        html`<div><dt>${name}</dt><dd>${value}</dd><dd class="soft">${note}</dd></div>`,
    )}</dl>
  </section>`;
}

function cell(figure: Figure | undefined, kind = ""): Html {
  if (!figure) return html`<td class="num ${kind}"></td>`;
  const { text, interval, exact } = figure;
  const shown = exact ? html`<span title="${exact}">${text}</span>` : text;
  return html`<td class="num ${kind}">${shown}${interval ? html`<small>${interval}</small>` : undefined}</td>`;
}
