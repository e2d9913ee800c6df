import { formatFactor, formatPoints } from "../../../shared/base/format-number.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { bestPlanText } from "../../../shared/presentation/words/describe-use-case.ts";
import { numberCell } from "./network-cells.ts";
import type { ReportData } from "./report-data.ts";

/** What plans attain without tuned networks and with them, beside static networks; nothing where none was tuned. */
export function tuningSection({ summary, front }: ReportData): Html {
  const { tuning } = summary;
  if (!tuning) return html``;
  const { axis, latency } = front.useCase;
  const isOfEnergies = axis === "energy";
  const best = bestPlanText(front.useCase);
  const better = isOfEnergies
    ? `How many times less energy than the original backbone the ${best} takes`
    : `How many times as fast as the original backbone the ${best} is`;
  const staticBest = isOfEnergies ? "static network of least energy" : "fastest static network";
  const measure = isOfEnergies ? "mean energy" : `${latency} latency`;
  return html`<section>
    <h2>Frozen and tuned</h2>
    <p class="note">${better} that loses no more than so much of its accuracy, without the networks that were tuned and with them, and the ${staticBest}: reference models, and networks of the project by themselves as they came. On the ${front.crossFit ? "held-out images" : "calibration split"}, by the ${measure} as predicted from the profile.</p>
    <div class="scroll"><table>
      <thead><tr><th>Drop up to</th><th class="num">Frozen</th><th class="num">Tuned</th><th class="num">Tuned over frozen</th><th class="num">Static network</th></tr></thead>
      <tbody>${tuning.speedups.map(
        ({ dropPp, frozen, tuned, rival }) =>
          html`<tr><th>${formatPoints(dropPp)}</th>${numberCell(formatFactor(frozen))}${numberCell(formatFactor(tuned))}${numberCell(formatFactor(tuned / frozen))}<td class="num">${rival ? formatFactor(rival.speedup) : "–"}${rival ? html`<small>${rival.name}</small>` : undefined}</td></tr>`,
      )}</tbody>
    </table></div>
  </section>`;
}
