import { beforeAll, expect, test } from "vitest";
import { axes } from "../../../shared/presentation/chart/axes.ts";
import { paretoDrawing, withLegend } from "../../../shared/presentation/chart/pareto-drawing.ts";
import { paretoScene } from "../../../shared/presentation/chart/pareto-scene.ts";
import { seriesLayers } from "../../../shared/presentation/chart/series-layers.ts";
import { palette } from "../../../shared/presentation/drawing/palette.ts";
import { svgFile } from "../../../shared/presentation/drawing/svg.ts";
import { chartedPlans } from "../../../shared/presentation/plans/charted-plans.ts";
import { planSeries } from "../../../shared/presentation/plans/series.ts";
import { paretoChart } from "./pareto-chart.ts";
import { renderReport } from "./render-report.ts";
import type { ReportData } from "./report-data.ts";
import { reportFixture } from "./testing/report-fixture.ts";

let data: ReportData;

beforeAll(async () => {
  data = await reportFixture({ latency: "mean", maxDropPp: 0.5, maxLatencyMs: 0.8 });
});

/** Outline and place of every mark, by rising place. */
function marksIn(svg: string): string[] {
  return [...svg.matchAll(/ d="([^"]*)" transform="([^"]*)"/g)].map(([, d, place]) => `${place} ${d}`).sort();
}

/** The report's chart at its largest. */
function reportChart(): string {
  const page = renderReport(data);
  const section = page.slice(page.indexOf("Accuracy against latency</h2>"));
  return section.slice(section.indexOf("<svg"), section.indexOf("</svg>"));
}

test("the chart that the window saves of the same plans has the same marks at the same places", () => {
  const { front } = data;
  const chart = paretoChart(data);
  const plans = chartedPlans(front, null);
  const series = planSeries(
    front.searches.map(({ algorithm }) => algorithm),
    front,
  );
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(reportChart())!.map(Number);
  const layers = seriesLayers(plans, series, [], axes.mean, "mean");
  const scene = paretoScene({ ...chart.content, layers }, { width, height }, chart.domain);
  const saved = svgFile(paretoDrawing(scene), "", (name) => palette[name].light);
  const marks = marksIn(reportChart());
  expect(marks.length).toBeGreaterThan(100);
  expect(marksIn(saved)).toEqual(marks);
  // The legend of the file says what its marks are, one of each series.
  const legend =
    marksIn(svgFile(withLegend(paretoDrawing(scene), layers), "", () => "")).length - marks.length;
  expect(legend).toBe(series.length);
});

test("the report's colours are variables of its style sheet", () => {
  const names = new Set([...reportChart().matchAll(/var\(--([\w-]+)\)/g)].map(([, name]) => name));
  expect(names.size).toBeGreaterThan(8);
  for (const name of names) expect(renderReport(data)).toContain(`--${name}: #`);
});
