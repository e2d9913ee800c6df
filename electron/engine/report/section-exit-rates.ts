import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { exitRateBars } from "../../../shared/presentation/exits/exit-rates.ts";
import type { ReportData } from "./report-data.ts";
import { columnWidth, drawn } from "./responsive-chart.ts";

/** How many samples each output answers, predicted and measured. */
export function exitRatesSection({ summary }: ReportData): Html {
  const { exitRates, chain } = summary.plan;
  return html`<section>
    <h2>Exit rates</h2>
    <div class="chart-and-text">
      <figure>${columnWidth((width) => drawn(exitRateBars(exitRates, width, chain && "end")))}</figure>
      <ul class="key">
        <li><span class="swatch predicted"></span>predicted, from the test split's confidence table</li>
        <li><span class="swatch measured"></span>measured, from the exported file</li>
      </ul>
    </div>
  </section>`;
}
