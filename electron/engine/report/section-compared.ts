import { formatBytes, formatFactor, formatMs } from "../../../shared/base/format-number.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { accuracyCell, numberCell, pointsCell } from "./network-cells.ts";
import type { ReportData } from "./report-data.ts";

/** Early exits, int8 and both together beside the float backbone, on the test split; nothing where there is no int8. */
export function comparedSection({ summary, backbone: model }: ReportData): Html {
  const { backbone, compared, guarantee } = summary;
  if (compared.length === 0) return html``;
  const explored = compared.some(({ besidePlan }) => besidePlan);
  const heads = explored
    ? " The int8 network with exits has the heads of the float one; its temperatures, thresholds and latencies are its own, and its plan is searched for the same use case, the drop counted from the float backbone."
    : "";
  const unguaranteed = explored && guarantee ? " No guarantee is tested for it." : "";
  return html`<section>
    <h2>Early exits and int8</h2>
    <p class="note">Every file was run over the test split in turns with the float backbone, which drop and speed-up refer to; mean latencies are at the pace that the backbone had beside the plan. Drops are paired, with their 95 % interval.${heads}${unguaranteed}</p>
    <div class="scroll"><table>
      <thead><tr><th>Network</th><th class="num">Accuracy</th><th class="num">Drop</th><th class="num">Mean latency</th><th class="num">Speed-up</th><th class="num">Weights</th><th>File</th></tr></thead>
      <tbody>
        <tr><th>Backbone</th>${accuracyCell(backbone)}<td class="num"></td>${numberCell(formatMs(backbone.latencyMs.mean))}${numberCell(formatFactor(1))}${numberCell(formatBytes(model.parameterBytes))}<td></td></tr>
        ${compared.map(
          (one) =>
            html`<tr><th>${one.name}</th>${accuracyCell(one)}${pointsCell(one.accuracyDropPp, one.accuracyDropHalfWidthPp)}${numberCell(formatMs(one.latencyMs.mean))}${numberCell(formatFactor(one.speedup))}${numberCell(formatBytes(one.bytes))}<td><code>${one.file}</code></td></tr>`,
        )}
      </tbody>
    </table></div>
  </section>`;
}
