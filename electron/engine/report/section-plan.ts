import { formatMs, formatPercent } from "../../../shared/base/format-number.ts";
import { featureText } from "../../../shared/model/backbone.ts";
import { breakable, type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import type { ExitView, FinalView, PlanView } from "./exit-view.ts";
import type { ReportData } from "./report-data.ts";
import { fullWidth } from "./responsive-chart.ts";
import { drawPlanStrip } from "./svg-plan-strip.ts";
import { headTitle, policyTitle } from "./titles.ts";

/** Where the exits stand, what they are and what they take. */
export function planSection(_data: ReportData, plan: PlanView): Html {
  const rows = plan.networks.length > 1;
  return html`<section>
    <h2>The plan</h2>
    <p class="note">${rows ? "The networks one after the other, by their share of all MACs" : "The backbone by its share of MACs"}; every dot is a cut point, filled where there is an exit. The band is as wide as the share of test samples that remain, as measured.</p>
    <figure>${fullWidth((width) => drawPlanStrip(plan, width))}</figure>
    <div class="scroll"><table>
      <thead><tr><th class="num">Exit</th><th>Cut point</th><th class="num">MACs</th><th>Head</th><th>Policy</th><th class="num">Threshold</th><th class="num">L(e)</th><th class="num">h(e)</th><th class="num">Latency</th><th class="num">Rate</th></tr></thead>
      <tbody>${plan.exits.map(exitRow)}${finalRow(plan.final)}</tbody>
    </table></div>
    <p class="note">L(e): ${rows ? "the exit's network" : "the backbone"} up to the cut point; h(e): the head and its decision; latency: of a sample that leaves here, ${rows ? "all networks before, " : ""}L(e) and every h(e) so far; all from the profile's means. Rate: share of test samples that leaves here, as measured.</p>
  </section>`;
}

function exitRow({ number, exit, place, cut, macsShare, prefix, head, leaveMs, rate }: ExitView): Html {
  return html`<tr>
    <td class="num">${String(number)}</td>
    <td class="name">${breakable(place)}${cut ? html`<small>${featureText(cut)}</small>` : undefined}</td>
    <td class="num">${formatPercent(macsShare)}</td>
    <td class="text">${headTitle(exit.head)}</td>
    <td>${policyTitle(exit.policy)}</td>
    <td class="num">${exit.threshold.toFixed(4)}</td>
    <td class="num">${optionalMs(prefix?.meanMs)}</td>
    <td class="num">${optionalMs(head?.meanMs)}</td>
    <td class="num">${optionalMs(leaveMs)}</td>
    <td class="num strong">${formatPercent(rate.measured)}</td>
  </tr>`;
}

function finalRow({ place, leaveMs, rate }: FinalView): Html {
  return html`<tr>
    <td class="num">end</td><td class="text">${place}</td><td class="num">${formatPercent(1)}</td><td></td><td></td><td></td>
    <td></td><td></td>
    <td class="num">${optionalMs(leaveMs)}</td><td class="num strong">${formatPercent(rate.measured)}</td>
  </tr>`;
}

function optionalMs(ms: number | undefined): string {
  return ms === undefined ? "–" : formatMs(ms);
}
