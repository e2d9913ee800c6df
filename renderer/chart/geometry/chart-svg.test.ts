import { expect, test } from "vitest";
import { backbone, charted } from "../../../shared/presentation/testing/test-plans.ts";
import { axes } from "./axes.ts";
import { chartFrame } from "./chart-frame.ts";
import { seriesLayers } from "./chart-layers.ts";
import { chartSvg, escaped } from "./chart-svg.ts";
import { constraintLines } from "./constraints.ts";
import { namedPoints } from "./named-points.ts";
import { planSeries } from "./series.ts";

const domain = { x: [0, 2.2], y: [0.75, 0.92] } as const;
const reference = {
  name: "<script>alert(1)</script>",
  sha256: "1",
  accuracy: 0.85,
  latencyMs: { mean: 1, p50: 1, p95: 1 },
  macs: 1,
  bytes: 1,
  target: 0,
};

function draw() {
  const plans = [charted("a", 0.8, 0.5), charted("b", 0.9, 1)];
  return chartSvg({
    frame: chartFrame({ width: 800, height: 500 }, axes.mean, false, domain),
    title: 'a "chart" & more',
    layers: seriesLayers(plans, planSeries(["exact"], null), [], axes.mean, null),
    constraints: constraintLines({ latency: "mean", maxDropPp: 1 }, axes.mean, 0.9),
    named: namedPoints(
      { backbone, references: [reference], pinned: [], best: null, guaranteed: null },
      axes.mean,
    ),
    live: { x: 1, y: 0.9 },
    backboneMs: 2,
    colour: (token) => `#${token}`,
  });
}

test("the file stands alone: no class, no variable, every colour resolved", () => {
  const svg = draw();
  expect(svg).not.toMatch(/class=|var\(|url\((?!#plot)/);
  expect(svg).toContain('fill="#series-ours"');
  expect(svg).toContain("drop ≤ 1.00 pp");
  expect(svg).toContain("live plan");
  expect(svg).toContain(">Our front<");
});

test("names out of files are text", () => {
  const svg = draw();
  expect(svg).not.toContain("<script");
  expect(svg).toContain("&lt;script&gt;alert(1)");
  expect(svg).toContain("<title>a &quot;chart&quot; &amp; more</title>");
  expect(escaped("a\u0000<b>\n")).toBe("a&lt;b&gt;");
});
