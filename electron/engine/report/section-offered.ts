import { formatCount } from "../../../shared/base/format-number.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { areChained } from "../../../shared/presentation/plans/plan-columns.ts";
import { offeredPlans } from "../../../shared/presentation/plans/plans-beside.ts";
import { chainLabel } from "../../../shared/presentation/words/describe-plan.ts";
import { networkTitlesOf, type ReportData } from "./report-data.ts";

/** The plan beside the one that keeps the wish surely, or that does without a guarantee; nothing where a person chose. */
export function offeredSection(data: ReportData): Html {
  const { front, summary } = data;
  const plans = summary.plan.chosenBy === "person" ? [] : offeredPlans(front);
  if (plans.length === 0) return html``;
  const titles = networkTitlesOf(data);
  const hasChains = areChained(plans.map(({ plan }) => plan));
  return html`<section>
    <h2>Plain and safe</h2>
    <p class="note">On the ${formatCount(front.samples)} samples of the calibration split; the last two columns are of new images, what choosing flatters a plan by included.</p>
    <div class="scroll"><table>
      <thead><tr><th>Plan</th>${hasChains ? html`<th>Networks</th>` : undefined}<th class="num">Exits</th><th class="num">Accuracy</th><th class="num">Latency</th><th class="num">Speed-up</th><th class="num">Drop at most</th><th class="num">Wish kept</th><th>File</th></tr></thead>
      <tbody>
        ${plans.map(
          ({ title, file, plan, accuracy, latency, speedup, largestDrop, kept }) =>
            html`<tr><th>${title}</th>${hasChains ? html`<td>${chainLabel(plan, titles)}</td>` : undefined}<td class="num">${String(plan.exits.length)}</td>${[accuracy, latency, speedup, largestDrop, kept].map((text) => html`<td class="num">${text || "–"}</td>`)}<td>${file}</td></tr>`,
        )}
      </tbody>
    </table></div>
  </section>`;
}
