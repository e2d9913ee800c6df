import {
  formatCount,
  formatFactor,
  formatPercent,
  formatPoints,
} from "../../../shared/base/format-number.ts";
import type { CrossFit } from "../../../shared/model/cross-fit.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { areChained } from "../../../shared/presentation/plans/plan-columns.ts";
import { chainLabel } from "../../../shared/presentation/words/describe-plan.ts";
import { networkTitlesOf, type ReportData } from "./report-data.ts";

/** How the halves of the held-out images took turns, and what they say together; nothing where they didn't. */
export function crossFitSection(data: ReportData): Html {
  const { crossFit } = data.summary;
  if (!crossFit?.pooled) return html``;
  const { pooled, halves, calibrationSamples, testSamples } = crossFit;
  const titles = networkTitlesOf(data);
  const hasChains = areChained(halves);
  const interval = pooled.accuracyInterval.map((bound) => (100 * bound).toFixed(1)).join(" to ");
  return html`<section>
    <h2>Cross-fitting</h2>
    <p class="note">The held-out images are two halves, the calibration and the test split. The same search chose a plan on either, and each plan is reported on the half that had no part in it, from confidence table and profile; together every image counts once. A third search, on all of them, chose the plan of this report: it has seen as much again as the plans of the halves, and its own accuracy on these images would flatter it. The interval is of <span class="together">95 %</span>, paired with the backbone sample by sample; that either half chose the other's plan is not in it. Temperatures are those of the calibration split.</p>
    <div class="scroll"><table class="fit">
      <thead><tr><th>Chosen on</th><th class="num">Images</th>${hasChains ? html`<th>Networks</th>` : undefined}<th class="num">Exits</th><th class="num">Reported on</th><th class="num">Accuracy</th><th class="num">Backbone</th><th class="num">Drop</th><th class="num">Speed-up</th></tr></thead>
      <tbody>
        ${halves.map(
          (half) => html`<tr><th>${half.chosenOn} half</th>
            <td class="num">${formatCount(half.chosenOn === "test" ? testSamples : calibrationSamples)}</td>
            ${hasChains ? html`<td>${chainLabel(half, titles)}</td>` : undefined}
            <td class="num">${String(half.exits.length)}</td>
            <td class="num">${formatCount(half.samples)}</td>
            <td class="num">${formatPercent(half.figures.accuracy)}</td>${paired(half)}</tr>`,
        )}
        <tr class="chosen"><th>together</th><td class="num"></td>${hasChains ? html`<td></td>` : undefined}<td class="num"></td>
          <td class="num">${formatCount(calibrationSamples + testSamples)}</td>
          <td class="num">${formatPercent(pooled.accuracy)}<small>${interval}</small></td>${paired(pooled)}</tr>
      </tbody>
    </table></div>
  </section>`;
}

type Paired = Pick<
  CrossFit["halves"][number],
  "backboneAccuracy" | "accuracyDropPp" | "accuracyDropHalfWidthPp" | "speedup"
>;

function paired({ backboneAccuracy, accuracyDropPp, accuracyDropHalfWidthPp, speedup }: Paired): Html {
  return html`<td class="num">${formatPercent(backboneAccuracy)}</td>
    <td class="num">${formatPoints(accuracyDropPp)}<small>± ${formatPoints(accuracyDropHalfWidthPp)}</small></td>
    <td class="num">${formatFactor(speedup)}</td>`;
}
