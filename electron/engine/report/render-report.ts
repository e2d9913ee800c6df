import { html, renderHtml } from "../../../shared/presentation/drawing/markup.ts";
import { viewPlan } from "./exit-view.ts";
import type { ReportData } from "./report-data.ts";
import { reportStyle } from "./report-style.ts";
import { sections } from "./sections.ts";

/**
 * The report of a run as one HTML page on its own: styles and drawings are inline, nothing is loaded, no
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
${sections.map((section) => section(data, plan))}
</main>
</body>
</html>
`);
}
