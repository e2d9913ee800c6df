import { formatFactor, formatMs, formatPercent, formatQuantity } from "../../../shared/base/format-number.ts";
import { planNetworks, sharesOf } from "../../../shared/model/plan-networks.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import type { PlanView } from "./exit-view.ts";
import { accuracyCell, numberCell } from "./network-cells.ts";
import { networkTitlesOf, type ReportData } from "./report-data.ts";

/** The networks that plans may go through, each alone; nothing where the backbone is the only one. */
export function networksSection(data: ReportData, plan: PlanView): Html {
  const { networks = [] } = data.summary;
  const titles = networkTitlesOf(data);
  if (networks.length === 0) return html``;
  const { exitRates } = data.summary.plan;
  const onTheWay = planNetworks(data.summary.plan, data.backbone.sha256);
  const sharesIn = (sha256: string) => {
    const member = sha256 === data.backbone.sha256 ? undefined : sha256;
    const own = onTheWay.find((part) => part.member === member);
    const shares = own && sharesOf(own, exitRates.measured);
    return [shares?.reaching, shares?.answered].map((share) =>
      share === undefined ? "–" : formatPercent(share),
    );
  };
  const placeOf = (sha256: string) => {
    const place = plan.networks.findIndex(({ summary: own }) => own.sha256 === sha256);
    return place < 0 ? "not in it" : `${place + 1} of ${plan.networks.length}`;
  };
  return html`<section>
    <h2>Networks</h2>
    <p class="note">Each run alone and whole for every test sample: its accuracy by its table, its latency as profiled, bringing the image to its own size and scale included. The first is the backbone, which drops and speed-ups refer to. The last two columns are of the plan, as measured: the shares of the samples that reach the network, and that leave in it.</p>
    <div class="scroll"><table>
      <thead><tr><th>Network</th><th class="num">Accuracy</th><th class="num">Mean latency</th><th class="num">Speed-up</th><th class="num">MACs</th><th class="num">Parameters</th><th class="num">In the plan</th><th class="num">Sees</th><th class="num">Answers</th></tr></thead>
      <tbody>${networks.map(
        (one) =>
          html`<tr><th>${titles.whole(one.sha256)}${one.sha256 === data.backbone.sha256 ? html` <span class="tag">backbone</span>` : undefined}${one.tunedFrom === undefined ? undefined : html` <span class="tag">tuned</span>`}</th>${accuracyCell(one)}${numberCell(formatMs(one.latencyMs.mean))}${numberCell(formatFactor(one.speedup))}${numberCell(formatQuantity(one.macs))}${numberCell(formatQuantity(one.parameters))}${numberCell(placeOf(one.sha256))}${sharesIn(one.sha256).map((share) => numberCell(share))}</tr>`,
      )}</tbody>
    </table></div>
  </section>`;
}
