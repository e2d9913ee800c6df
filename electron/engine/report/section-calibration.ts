import { formatPercent } from "../../../shared/base/format-number.ts";
import type { OutputQuality } from "../../../shared/files/summary.ts";
import { breakable, type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { reliabilityDiagram } from "../../../shared/presentation/exits/reliability-diagram.ts";
import type { PlanView } from "./exit-view.ts";
import type { ReportData } from "./report-data.ts";
import { drawn } from "./responsive-chart.ts";
import { headTitle, policyTitle } from "./titles.ts";

/** How far each output's confidence can be believed. */
export function calibrationSection({ summary, backbone }: ReportData, plan: PlanView): Html {
  const { outputs } = summary;
  const policies = [...new Set(outputs.flatMap((output) => Object.keys(output.failurePredictionAuroc)))];
  const numberOf = (output: OutputQuality) => plan.exits.find(({ quality }) => quality === output)?.number;
  const inPlan = (output: OutputQuality) => numberOf(output) !== undefined || output.cutPoint === null;
  const shareOf = new Map(backbone.cutPoints.map(({ tensor, macsShare }) => [tensor, macsShare]));
  const rest = outputs.filter((output) => !inPlan(output));
  return html`<section>
    <h2>Confidence and calibration</h2>
    <p class="note">Every head alone on the whole test split, after temperature scaling. ECE: expected calibration error of the top-1 softmax, 0 is best. AUROC: how well the policy's confidence tells right from wrong answers, 0.5 is chance, 1 is perfect.</p>
    <div class="scroll"><table>
      <thead><tr><th>Output</th><th class="num">MACs</th><th>Head</th><th class="num">Accuracy</th><th class="num">ECE</th>${policies.map((policy) => html`<th class="num">AUROC<small>${policyTitle(policy)}</small></th>`)}<th class="num">Temperature</th></tr></thead>
      <tbody>${outputs.map((output) => {
        const share = output.cutPoint === null ? 1 : shareOf.get(output.cutPoint);
        return html`<tr class="${inPlan(output) ? "chosen" : ""}">
          <td class="name">${output.cutPoint === null ? "the backbone's output" : breakable(output.cutPoint)}${exitTag(numberOf(output))}</td>
          <td class="num">${share === undefined ? "–" : formatPercent(share)}</td>
          <td class="text">${output.head === null ? "" : headTitle(output.head)}</td>
          <td class="num">${formatPercent(output.accuracy)}</td>
          <td class="num">${output.expectedCalibrationError.toFixed(3)}</td>
          ${policies.map((policy) => html`<td class="num">${output.failurePredictionAuroc[policy]?.toFixed(3) ?? "–"}</td>`)}
          <td class="num">${output.temperature.toFixed(2)}</td>
        </tr>`;
      })}</tbody>
    </table></div>
    <p class="note">Reliability: dots on the diagonal are as often right as they are sure; their size and the strip below count samples.</p>
    <div class="multiples">${outputs.filter(inPlan).map((output) => reliabilityFigure(output, numberOf(output)))}</div>
    ${rest.length > 0 ? html`<details><summary>Reliability of the ${String(rest.length)} other heads</summary><div class="multiples">${rest.map((output) => reliabilityFigure(output, undefined))}</div></details>` : undefined}
  </section>`;
}

function exitTag(number: number | undefined): Html | undefined {
  return number === undefined ? undefined : html` <span class="tag">exit ${String(number)}</span>`;
}

function reliabilityFigure(output: OutputQuality, number: number | undefined): Html {
  const title = number === undefined ? (output.cutPoint ?? "backbone") : `exit ${number}`;
  const subtitle = number === undefined && output.head !== null ? headTitle(output.head) : output.cutPoint;
  return html`<figure>
    <figcaption><b class="name" title="${title}">${title}</b>${subtitle ? html`<span class="name" title="${subtitle}">${subtitle}</span>` : html`<span>its own output</span>`}<span>right ${formatPercent(output.accuracy)}, ECE ${output.expectedCalibrationError.toFixed(3)}</span></figcaption>
    ${drawn(reliabilityDiagram(output.reliability))}
  </figure>`;
}
