import { formatCount, formatMs, formatPercent } from "../../../shared/base/format-number.ts";
import { columnWidth } from "./chart-frame.ts";
import { backboneMark, inlineMark, type MarkStyle, planMark } from "./chart-mark.ts";
import { type Html, html } from "./html.ts";
import type { ReportData } from "./report-data.ts";
import { drawPareto, type ParetoChart, paretoChart } from "./svg-pareto.ts";

/** Our front beside the alternatives, the fixed schemes, the backbone and the constraints. */
export function paretoSection(data: ReportData): Html {
  const chart = paretoChart(data);
  const { front } = data;
  return html`<section>
    <h2>Accuracy against latency</h2>
    <p class="note">On the ${formatCount(front.samples)} samples of the calibration split, where the plan was chosen; measured on the test split, it stands in the table above. Latency is the ${front.useCase.latency}, predicted from the profile.</p>
    <div class="chart-and-text">
      <figure>${columnWidth((width) => drawPareto(data, chart, width))}</figure>
      <div>${legend(data, chart)}${outsideNote(chart)}</div>
    </div>
  </section>`;
}

function legend(data: ReportData, { series, constraints }: ParetoChart): Html {
  const { backbone } = data.front;
  const { figures } = data.front.recommended;
  return html`<table class="legend">
    <tbody>
      ${legendRow(planMark, "Chosen plan", `${formatPercent(figures.accuracy)}, ${formatMs(figures.latencyMs[data.front.useCase.latency])}`)}
      ${legendRow(backboneMark, "Backbone", `${formatPercent(backbone.accuracy)}, ${formatMs(backbone.latencyMs)}`)}
      ${series.map(({ title, kind, mark, plans }) => {
        const role = kind === "ours" ? "our front" : kind === "scheme" ? "fixed scheme" : "alternative";
        return legendRow(
          mark,
          title,
          `${role}, ${formatCount(plans.length)} ${plans.length === 1 ? "plan" : "plans"}`,
        );
      })}
      ${constraints.length > 0 ? html`<tr><td><svg class="inline-mark" viewBox="0 -7 14 14" aria-hidden="true"><path class="constraint" d="M0,0H14"/></svg></td><th>Constraint</th><td>shaded side breaks it</td></tr>` : undefined}
    </tbody>
  </table>`;
}

function legendRow(mark: MarkStyle, title: string, text: string): Html {
  return html`<tr><td>${inlineMark(mark)}</td><th>${title}</th><td>${text}</td></tr>`;
}

function outsideNote({ outside, domain }: ParetoChart): Html | undefined {
  if (outside.length === 0) return undefined;
  const range = `below ${formatPercent(domain.accuracy[0])} or above ${formatMs(domain.latencyMs[1])}`;
  const counts = outside.map(
    ({ title, count, of }) => `${formatCount(count)} of ${formatCount(of)} (${title})`,
  );
  return html`<p class="note">Outside the plot, ${range}: ${counts.join(", ")}.</p>`;
}
