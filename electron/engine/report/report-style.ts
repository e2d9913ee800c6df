import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { palette } from "../../../shared/presentation/drawing/palette.ts";

/** The palette as custom properties. */
function coloursIn(theme: "light" | "dark"): Html {
  return html`${Object.entries(palette).map(([name, hue]) => html`--${name}: ${hue[theme]}; `)}`;
}

/** The page's style sheet. Type is never set in the colours of series, so that it keeps its contrast. */
export const reportStyle = html`<style>
:root { color-scheme: light; ${coloursIn("light")}--band: #c9d6e2; }
@media screen and (prefers-color-scheme: dark) {
  :root { color-scheme: dark; ${coloursIn("dark")}--band: #3a4a5a; }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--surface); color: var(--ink);
  font: 13px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  font-variant-numeric: tabular-nums lining-nums;
}
main { max-width: 1088px; margin: 0 auto; padding: 32px 24px 64px; }
h1, h2, h3, p, figure, ul, dl, dd { margin: 0; }
h1 { font-size: 20px; line-height: 28px; font-weight: 600; overflow-wrap: anywhere; unicode-bidi: isolate; }
h2 { font-size: 16px; line-height: 24px; font-weight: 600; }
h3 { font-size: 13px; line-height: 20px; font-weight: 600; margin-top: 24px; }
section { border-top: 1px solid var(--border); margin-top: 32px; padding-top: 20px; }
.kicker { color: var(--ink-soft); }
.outcome { font-size: 20px; line-height: 28px; max-width: 44em; margin: 4px 0 12px; }
.meta, .note { color: var(--ink-soft); max-width: 100ch; overflow-wrap: anywhere; }
.note { margin: 4px 0 12px; }
.soft { color: var(--ink-soft); }
.strong, .num.strong { font-weight: 600; }
.name { overflow-wrap: anywhere; unicode-bidi: isolate; }
.verdict { list-style: none; padding: 0; margin: 16px 0 0; max-width: 92ch; }
.verdict li { border-left: 3px solid var(--border); padding: 0 12px; margin-top: 4px; overflow-wrap: anywhere; } .verdict .good { border-color: var(--good); }
.verdict .warn { background: var(--warn-surface); border-color: var(--series-live); padding: 6px 12px; }
.verdict .bad { background: var(--bad-surface); border-color: var(--bad); padding: 6px 12px; }
.sign { font-weight: 600; } .good > .sign { color: var(--good); } .bad > .sign { color: var(--bad); }
td > .met, td > .missed { margin-left: 8px; white-space: nowrap; } .met { color: var(--good); } .missed { color: var(--bad); font-weight: 600; }
.tag { font-weight: 400; white-space: nowrap; color: var(--ink); border: 1px solid var(--series-live); border-radius: 3px; padding: 0 4px; }

.scroll { overflow-x: auto; margin: 12px 0; }
table { border-collapse: collapse; width: 100%; }
table.fit { width: auto; }
caption { text-align: left; font-weight: 600; padding-bottom: 4px; }
th, td { text-align: left; vertical-align: baseline; padding: 4px 16px 4px 0; white-space: nowrap; border-bottom: 1px solid var(--border); }
th:last-child, td:last-child { padding-right: 0; }
tbody th { font-weight: 400; }
thead th { color: var(--ink-soft); font-weight: 400; vertical-align: bottom; }
.num { text-align: right; }
td.name { white-space: normal; min-width: 16em; } td.text { white-space: normal; min-width: 12em; }
th small { white-space: normal; } .together { white-space: nowrap; }
td small, th small { display: block; color: var(--ink-soft); font-size: 11px; line-height: 15px; font-weight: 400; }
tr.chosen td { font-weight: 600; }
tr.total th, tr.total td { border-bottom: 0; font-weight: 600; }
.comparison { max-width: 920px; }
.comparison thead th[colspan] { border-bottom-color: var(--ink-soft); }
.facts { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px 24px; margin-top: 16px; }
.facts dt { color: var(--ink-soft); } .facts dd:nth-child(2) { font-size: 16px; line-height: 24px; font-weight: 600; }
.facts dd.soft { font-size: 12px; line-height: 16px; }
.facts-table th { color: var(--ink-soft); vertical-align: baseline; }
.facts-table td { white-space: normal; overflow-wrap: anywhere; }
code { font: 12px/18px ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
.bar-column { width: 20%; min-width: 64px; }
.data-bar { display: block; height: 8px; background: var(--series-ours); min-width: 1px; }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: 0 48px; }
details { margin-top: 8px; } summary { cursor: pointer; }
details ul { padding-left: 16px; }

.chart-and-text { display: grid; grid-template-columns: minmax(0, 656px) minmax(0, 1fr); gap: 16px 40px; margin-top: 12px; align-items: start; }
.chart.medium, .chart.narrow { display: none; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { font-size: 11px; } .axis text { fill: var(--ink-soft); }
svg .label { fill: var(--ink); } svg .strong, svg .value { fill: var(--ink); font-weight: 600; }
.axis .tick { stroke: var(--ink-soft); fill: none; }
.constraint { stroke: var(--ink); stroke-dasharray: 5 3; fill: none; }
.inline-mark { display: inline-block; width: 14px; height: 14px; vertical-align: -2px; margin-right: 8px; }
.legend td, .legend th { border: 0; padding: 2px 12px 2px 0; vertical-align: top; white-space: normal; }
.legend td:first-child { width: 22px; padding-right: 0; } .legend td:last-child { color: var(--ink-soft); white-space: nowrap; }
.legend th { font-weight: 600; }

.band { fill: var(--band); shape-rendering: crispEdges; } .branch { fill: none; stroke: var(--series-live); }
.rail { stroke: var(--ink-soft); fill: none; }
.cut { fill: var(--surface); stroke: var(--ink-soft); stroke-width: 1.25; } .cut.chosen { fill: var(--series-live); stroke: var(--series-live); }
.histogram.plan { fill: var(--series-live); fill-opacity: 0.8; } .histogram.backbone { fill: none; stroke: var(--ink); stroke-width: 1.25; }
.lane path { fill: none; stroke-width: 1.5; } .lane.plan path { stroke: var(--series-live); } .lane.plan circle { fill: var(--series-live); }
.lane.backbone path { stroke: var(--ink); } .lane.backbone circle { fill: var(--ink); }
.expected path { fill: var(--series-live); }
.diagonal { stroke: var(--ink-soft); stroke-dasharray: 3 3; fill: none; }
.guide { stroke: var(--series-live); stroke-dasharray: 1 3; fill: none; }

.key { list-style: none; padding: 0; color: var(--ink-soft); margin: 12px 0; }
.key li { margin-top: 4px; display: flex; align-items: baseline; } .key.row li { align-items: center; } .key.row { display: flex; flex-wrap: wrap; gap: 4px 24px; }
.swatch, .key-mark { flex: none; width: 28px; height: 12px; margin-right: 8px; align-self: center; }
.swatch.predicted { border: 1.5px solid var(--series-live); } .swatch.measured, .swatch.plan { background: var(--series-live); }
.swatch.backbone { border: 1.5px solid var(--ink); border-bottom: 0; }
.multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 16px 24px; margin-top: 8px; }
.multiples svg { max-width: 224px; }
figcaption { line-height: 18px; } figcaption > * { display: block; color: var(--ink-soft); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
figcaption b { color: var(--ink); }

@media (max-width: 899px) {
  .chart-and-text, .columns { grid-template-columns: minmax(0, 1fr); }
  .chart.wide { display: none; } .chart.medium { display: block; }
  .facts { grid-template-columns: 1fr 1fr; }
}
@media (max-width: 559px) {
  main { padding: 20px 16px 48px; }
  .outcome { font-size: 17px; line-height: 24px; }
  .chart.medium, .chart.roomy { display: none; } .chart.narrow { display: block; }
  td > .met, td > .missed { display: block; margin-left: 0; } th, td { padding-right: 12px; } th { white-space: normal; }
  .scroll tbody th:first-child, .scroll thead tr:first-child th:first-child { position: sticky; left: 0; background: var(--surface); } .comparison tbody th { min-width: 7em; } td.name { min-width: 10em; }
}
@media print {
  body { font-size: 11px; } main { max-width: none; padding: 0; }
  section { margin-top: 20px; padding-top: 12px; }
  figure, tr, p, .facts, .multiples > figure { break-inside: avoid; } h2, h3, h2 + .note { break-after: avoid; }
  .chart.roomy { max-width: 500px; } .columns { grid-template-columns: 1fr 1fr; }
  .scroll { overflow: visible; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
</style>`;
