import { formatCount, formatMs, formatPercent, formatQuantity } from "../../../shared/base/format-number.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { breakable, type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { describeEnergy } from "../../../shared/presentation/words/describe-energy.ts";
import { describeQuality } from "../../../shared/presentation/words/describe-quality.ts";
import type { PlanView } from "./exit-view.ts";
import type { ReportData } from "./report-data.ts";
import { fullWidth, inlineMark } from "./responsive-chart.ts";
import { drawPrefixLatency, headSeries } from "./svg-prefix-latency.ts";

const operatorsShown = 10;

/** What the profile says: latency along the backbone, and where it is spent. */
export function profileSection(data: ReportData, plan: PlanView): Html {
  const { profile } = data;
  return html`<section>
    <h2>Latency along the backbone</h2>
    <p class="note">Medians of ${formatCount(profile.backbone.count)} runs of the backbone and some per cut point; whiskers reach from p5 to p95. Dashed: where L(e) would lie if latency followed the MACs. Numbers and vermilion mark the plan's exits. h(e) is a difference of two measurements, so its whiskers are wide.</p>
    <figure>${fullWidth((width) => drawPrefixLatency(data, plan, width))}</figure>
    <ul class="key row">${headSeries(data).map(({ title, mark }) => html`<li>${inlineMark(mark)}${title}</li>`)}</ul>
    ${qualityNote(profile)}
    ${energyNote(profile)}
    ${operatorsTable(data)}
  </section>`;
}

/** How far the latencies can be trusted. */
function qualityNote(profile: Profile): Html {
  const { quality, prefixes } = profile;
  const halfWidths = prefixes.flatMap(({ meanMs, intervalMs }) =>
    intervalMs ? [intervalMs[1] - meanMs] : [],
  );
  const widest = halfWidths.length > 0 ? Math.max(...halfWidths) : undefined;
  const known =
    widest === undefined
      ? undefined
      : html` The mean of every L(e) is known to within ± ${formatMs(widest)} (95 %), ${formatPercent(widest / profile.backbone.meanMs)} of the backbone's.`;
  return html`<p class="note">Quality of the profile: <strong>${describeQuality(quality)}</strong>.${known}</p>`;
}

/** Nothing of older profiles, where nobody looked for a sensor. */
function energyNote(profile: Profile): Html | undefined {
  return (
    profile.energySensor && html`<p class="note">Energy: <strong>${describeEnergy(profile)}</strong>.</p>`
  );
}

function operatorsTable({ backbone, profile }: ReportData): Html {
  if (profile.nodes.length === 0)
    return html`<p class="note">The profile holds no times of single operators.</p>`;
  const totalMs = profile.nodes.reduce((sum, { meanMs }) => sum + meanMs, 0) || 1;
  const nodes = new Map(backbone.nodes.map((node) => [node.name, node]));
  const heaviest = [...profile.nodes].sort((a, b) => b.meanMs - a.meanMs).slice(0, operatorsShown);
  const maxMs = heaviest[0].meanMs || 1;
  const covered = heaviest.reduce((sum, { meanMs }) => sum + meanMs, 0) / totalMs;
  return html`<h3>Heaviest operators</h3>
    <p class="note">${String(heaviest.length)} of ${formatCount(profile.nodes.length)} timed operators take ${formatPercent(covered, 0)} of the operators' time, as ONNX Runtime's own profiler counts it. Operators that it fuses share one entry.</p>
    <div class="scroll"><table>
      <thead><tr><th>Operator</th><th>Type</th><th class="num">Time</th><th class="num">Share</th><th class="bar-column">&nbsp;</th><th class="num">MACs</th><th class="num">Share of MACs</th></tr></thead>
      <tbody>${heaviest.map(({ node: name, meanMs }) => {
        const node = nodes.get(name);
        return html`<tr>
          <td class="name">${breakable(name)}</td><td>${node?.operator ?? "–"}</td>
          <td class="num">${formatMs(meanMs)}</td><td class="num">${formatPercent(meanMs / totalMs)}</td>
          <td class="bar-column"><span class="data-bar" style="width:${(100 * meanMs) / maxMs}%"></span></td>
          <td class="num">${node ? formatQuantity(node.macs) : "–"}</td>
          <td class="num">${node ? formatPercent(node.macs / (backbone.macs || 1)) : "–"}</td>
        </tr>`;
      })}</tbody>
    </table></div>`;
}
