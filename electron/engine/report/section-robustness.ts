import { formatCount } from "../../../shared/base/format-number.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { robustnessChart } from "../../../shared/presentation/robustness/robustness-chart.ts";
import { robustnessStatements } from "../../../shared/presentation/robustness/robustness-statements.ts";
import { robustnessTable, strengthsTable } from "../../../shared/presentation/robustness/robustness-table.ts";
import type { ReportData } from "./report-data.ts";
import { drawn, fullWidth } from "./responsive-chart.ts";
import { statementList } from "./statement-list.ts";
import { textTable } from "./text-table.ts";

/** What the plan does on corrupted test images; nothing where nobody tried. */
export function robustnessSection({ robustness }: ReportData): Html {
  if (!robustness) return html``;
  const { samples, available } = robustness;
  return html`<section>
    <h2>Under shift</h2>
    <p class="note">${formatCount(samples)} of ${formatCount(available)} test images, made worse in ${String(robustness.corruptions.length)} ways after they were resized and before they were normalised. The heads have seen these images; temperatures and thresholds are the plan's own. Latencies follow from the profile and from where the images leave.</p>
    <figure>${fullWidth((width) => drawn(robustnessChart(robustness, width)))}</figure>
    ${statementList(robustnessStatements(robustness))}
    ${textTable(robustnessTable(robustness))}
    <h3>Strengths by severity</h3>
    <p class="note">After Hendrycks and Dietterich 2019 (arXiv 1903.12261), those for ${robustness.scale} images.</p>
    ${textTable(strengthsTable(robustness))}
  </section>`;
}
