import {
  formatBytes,
  formatFactor,
  formatMs,
  formatQuantity,
  formatSignedPoints,
} from "../../../shared/base/format-number.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { accuracyCell, numberCell, pointsCell } from "./network-cells.ts";
import type { ReportData } from "./report-data.ts";

/** Static networks beside backbone and plan, on the test split; nothing where there are none. */
export function referencesSection({ summary, backbone: model }: ReportData): Html {
  const { backbone, plan, references, speedup, accuracyDropPp, accuracyDropHalfWidthPp, crossFit } = summary;
  if (references.length === 0) return html``;
  return html`<section>
    <h2>Static networks beside the plan</h2>
    <p class="note">On the test split. Other networks were timed in turns with the backbone, so that speed-ups compare; their mean latency is at the pace that the backbone had here. Their accuracy minus the plan's is worked out sample by sample, with its 95 % interval${crossFit ? "; the plan's is that of the plan which was chosen without the test images, and the backbone's gain the cross-fitted one" : ""}.</p>
    <div class="scroll"><table>
      <thead><tr><th>Network</th><th class="num">Accuracy</th><th class="num">Minus the plan's</th><th class="num">Mean latency</th><th class="num">Speed-up</th><th class="num">As fast as the plan</th><th class="num">MACs</th><th class="num">Size</th></tr></thead>
      <tbody>
        <tr><th>Plan</th>${accuracyCell(plan.measured)}<td class="num"></td>${numberCell(formatMs(plan.measured.latencyMs.mean))}${numberCell(formatFactor(speedup))}<td class="num"></td>${numberCell(formatQuantity(plan.macs))}${numberCell(formatBytes(plan.bytes))}</tr>
        <tr><th>Backbone</th>${accuracyCell(backbone)}${pointsCell(accuracyDropPp, accuracyDropHalfWidthPp, formatSignedPoints)}${numberCell(formatMs(backbone.latencyMs.mean))}${numberCell(formatFactor(1))}${numberCell(formatFactor(1 / speedup))}${numberCell(formatQuantity(model.macs))}${numberCell(formatBytes(model.parameterBytes))}</tr>
        ${references.map(
          (one) =>
            html`<tr><th>${one.name}</th>${accuracyCell(one)}${pointsCell(one.accuracyGainPp, one.accuracyGainHalfWidthPp, formatSignedPoints)}${numberCell(formatMs(backbone.latencyMs.mean / one.speedup))}${numberCell(formatFactor(one.speedup))}${numberCell(formatFactor(one.timesFaster))}${numberCell(formatQuantity(one.macs))}${numberCell(formatBytes(one.bytes))}</tr>`,
        )}
      </tbody>
    </table></div>
  </section>`;
}
