import { formatFactor, formatPoints } from "../../../shared/base/format-number.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { numberCell } from "./network-cells.ts";
import type { ReportData } from "./report-data.ts";

/** What plans attain without tuned networks and with them, beside static networks; nothing where none was tuned. */
export function tuningSection({ summary, front }: ReportData): Html {
  const { tuning } = summary;
  if (!tuning) return html``;
  return html`<section>
    <h2>Frozen and tuned</h2>
    <p class="note">How many times as fast as the original backbone the fastest plan is that loses no more than so much of its accuracy, without the networks that were tuned and with them, and the fastest static network: reference models, and networks of the project by themselves as they came. On the ${front.crossFit ? "held-out images" : "calibration split"}, by the ${front.useCase.latency} latency as predicted from the profile.</p>
    <div class="scroll"><table>
      <thead><tr><th>Drop up to</th><th class="num">Frozen</th><th class="num">Tuned</th><th class="num">Tuned over frozen</th><th class="num">Static network</th></tr></thead>
      <tbody>${tuning.speedups.map(
        ({ dropPp, frozen, tuned, rival }) =>
          html`<tr><th>${formatPoints(dropPp)}</th>${numberCell(formatFactor(frozen))}${numberCell(formatFactor(tuned))}${numberCell(formatFactor(tuned / frozen))}<td class="num">${rival ? formatFactor(rival.speedup) : "–"}${rival ? html`<small>${rival.name}</small>` : undefined}</td></tr>`,
      )}</tbody>
    </table></div>
  </section>`;
}
