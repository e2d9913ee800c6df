import { formatCount, formatMs } from "../../../shared/base/format-number.ts";
import type { LatencyFigures } from "../../../shared/model/plan.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import type { PlanView } from "./exit-view.ts";
import type { ReportData } from "./report-data.ts";
import { columnWidth } from "./responsive-chart.ts";
import { drawLatencyHistogram, latencyRange } from "./svg-latency-histogram.ts";

/** How the measured latencies of plan and backbone are distributed. */
export function latencySection(data: ReportData, plan: PlanView): Html {
  const { latenciesMs, summary } = data;
  const [, high] = latencyRange(data);
  const beyond = (times: Float32Array) => times.reduce((count, time) => count + (time > high ? 1 : 0), 0);
  return html`<section>
    <h2>Latency distribution</h2>
    <div class="chart-and-text">
      <figure>${columnWidth((width) => drawLatencyHistogram(data, plan, width))}</figure>
      <div>
        <table class="fit">
          <thead><tr><th>&nbsp;</th><th class="num">Plan</th><th class="num">Backbone</th></tr></thead>
          <tbody>${(["mean", "p50", "p95", "worst"] as const).map(
            (key) =>
              html`<tr><th>${key}</th>${figureCell(summary.plan.measured.latencyMs, key)}${figureCell(summary.backbone.latencyMs, key)}</tr>`,
          )}</tbody>
        </table>
        <ul class="key">
          <li><span class="swatch plan"></span>plan</li>
          <li><span class="swatch backbone"></span>backbone</li>
          <li><svg class="key-mark" viewBox="0 0 28 12" aria-hidden="true"><g class="lane backbone"><path class="span" d="M3,6H25"/><path class="end" d="M3,1v10M25,1v10"/><circle cx="11" cy="6" r="3.5"/></g></svg>ends: p50 and p95, dot: mean</li>
          <li><svg class="key-mark" viewBox="0 0 28 12" aria-hidden="true"><g class="expected"><path d="M14,2l-4,7h8z"/></g></svg>latency that the profile expects at each exit, at the pace of the backbone's median here</li>
        </ul>
        <p class="note">${formatCount(latenciesMs.plan.length)} test samples, each run once in either. The slowest 0.5 % are left out: beyond ${formatMs(high)} lie ${formatCount(beyond(latenciesMs.plan))} of the plan's and ${formatCount(beyond(latenciesMs.backbone))} of the backbone's.</p>
      </div>
    </div>
  </section>`;
}

function figureCell(figures: LatencyFigures, key: keyof LatencyFigures): Html {
  return html`<td class="num">${formatMs(figures[key])}</td>`;
}
