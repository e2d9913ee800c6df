import { breakable, type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { type ExitImportance, lossTexts } from "../../../shared/presentation/plans/exit-importance.ts";
import type { ExitView, PlanView } from "./exit-view.ts";
import type { ReportData } from "./report-data.ts";

/** What is lost without each exit; nothing for a plan without exits, or where it isn't known. */
export function importanceSection({ importance = [], summary }: ReportData, plan: PlanView): Html {
  if (importance.length === 0) return html``;
  return html`<section>
    <h2>What each exit brings</h2>
    <p class="note">The plan evaluated anew without one exit, the others as they are, on the ${summary.crossFit ? "held-out" : "calibration"} samples that it was chosen on: how its accuracy changes, and its mean latency by the profile.</p>
    <div class="scroll"><table class="fit">
      <thead><tr><th class="num">Without exit</th><th>Cut point</th><th class="num">Accuracy</th><th class="num">Mean latency</th><th class="num">As long</th></tr></thead>
      <tbody>${plan.exits.map((exit, index) => exitRow(exit, importance[index]))}</tbody>
    </table></div>
  </section>`;
}

function exitRow({ number, place }: ExitView, { lost }: ExitImportance): Html {
  const { accuracy, meanLatency, slowdown, remark } = lossTexts(lost);
  return html`<tr>
    <td class="num">${String(number)}</td>
    <td class="name">${breakable(place)}${remark && html`<small>${remark}</small>`}</td>
    ${[accuracy, meanLatency, slowdown].map((figure) => html`<td class="num">${figure}</td>`)}
  </tr>`;
}
