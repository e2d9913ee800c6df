import { viewPlan } from "./exit-view.ts";
import { html, renderHtml } from "./html.ts";
import type { ReportData } from "./report-data.ts";
import { reportStyle } from "./report-style.ts";
import { calibrationSection } from "./section-calibration.ts";
import { comparisonSection } from "./section-comparison.ts";
import { headerSection } from "./section-header.ts";
import { latencySection } from "./section-latency.ts";
import { paretoSection } from "./section-pareto.ts";
import { exitRatesSection, planSection } from "./section-plan.ts";
import { profileSection } from "./section-profile.ts";
import { provenanceSection } from "./section-provenance.ts";

/**
 * The report of a run as one HTML page that stands alone: styles and drawings are inline, nothing is loaded, no
 * script runs, and every string from the model or the data set is escaped.
 */
export function renderReport(data: ReportData): string {
  const plan = viewPlan(data);
  return renderHtml(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${data.summary.model.name}: Offramp report</title>
${reportStyle}
</head>
<body>
<main>
${headerSection(data)}
${comparisonSection(data)}
${paretoSection(data)}
${planSection(data, plan)}
${exitRatesSection(plan)}
${latencySection(data, plan)}
${calibrationSection(data, plan)}
${profileSection(data, plan)}
${provenanceSection(data)}
</main>
</body>
</html>
`);
}
