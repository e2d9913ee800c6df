import { expect, test } from "vitest";
import type { PartitionedPlan } from "../../model/plan.ts";
import type { Shape } from "../drawing/drawing.ts";
import { markPath, ourMark, planMark, planMarkArea } from "../drawing/marks.ts";
import { svgFile } from "../drawing/svg.ts";
import { planSeries } from "../plans/series.ts";
import { backbone, charted, figures } from "../testing/test-plans.ts";
import { networkTitles } from "../words/network-titles.ts";
import { axes } from "./axes.ts";
import { namedPoints, planPoint } from "./named-points.ts";
import { paretoDrawing, withLegend } from "./pareto-drawing.ts";
import { type ParetoContent, paretoDomain, paretoScene } from "./pareto-scene.ts";
import { type SeriesLayer, seriesLayers } from "./series-layers.ts";

const titles = networkTitles([
  { name: "big", sha256: "big" },
  { name: "small", sha256: "small" },
]);
const size = { width: 660, height: 470 };
const domain = { x: [0, 3], y: [0.75, 0.95] } as const;
const reference = {
  name: "<script>alert(1)</script>",
  sha256: "1",
  accuracy: 0.85,
  latencyMs: { mean: 1, p50: 1, p95: 1 },
  macs: 1,
  bytes: 1,
  target: "here",
};

function content(): ParetoContent {
  const plans = [charted("a", 0.8, 0.5), charted("b", 0.9, 1)];
  const named = namedPoints(
    { backbone, references: [reference], pinned: [], best: null, guaranteed: null, titles },
    axes.mean,
  );
  return {
    axis: axes.mean,
    log: false,
    backbone,
    useCase: { latency: "mean", maxDropPp: 5, maxWorstMs: 9 },
    layers: seriesLayers(plans, planSeries(["exact"], null), [], axes.mean, null),
    named: [...named, planPoint("live plan", { x: 1, y: 0.9 })],
    plan: { x: 1, y: 0.9 },
    titles,
  };
}

function draw(): string {
  const scene = paretoScene(content(), size, domain);
  const drawing = withLegend(paretoDrawing(scene), scene.layers);
  return svgFile(drawing, 'a "chart" & more', (name) => `#${name}`);
}

function everyShape(shapes: readonly Shape[]): Shape[] {
  return shapes.flatMap((shape) =>
    typeof shape.content === "string" ? [shape] : [shape, ...everyShape(shape.content)],
  );
}

test("a file stands alone: no class, no variable, every colour resolved", () => {
  const svg = draw();
  expect(svg).not.toMatch(/class=|var\(|url\((?!#plot)/);
  expect(svg).toContain('fill="#series-ours"');
  expect(svg).toContain(">drop ≤ 5.00 pp<");
  expect(svg).toContain(">also worst ≤ 9.00 ms<");
  expect(svg).toContain(">live plan<");
  expect(svg).toContain(">Our front<");
});

test("names out of files are text", () => {
  const svg = draw();
  expect(svg).not.toContain("<script");
  expect(svg).toContain("&lt;script&gt;alert(1)");
  expect(svg).toContain("<title>a &quot;chart&quot; &amp; more</title>");
});

test("marks, ticks and lines stand where their figures say", () => {
  const { frame, constraints } = paretoScene(content(), size, domain);
  // 600 px for 3 ms from 44; 400 px for 20 points of accuracy, from 95 % at 34.
  expect(frame.box).toEqual({ left: 44, right: 644, top: 34, bottom: 434 });
  expect(frame.xTicks.map(({ label }) => label)).toEqual(["0.0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0"]);
  expect(frame.yTicks.map(({ label }) => label).slice(0, 3)).toEqual(["76", "78", "80"]);
  expect(constraints.lines[0].at).toBeCloseTo(0.85, 12);
  const shapes = everyShape(paretoDrawing(paretoScene(content(), size, domain)).shapes);
  const of = (d: string) =>
    shapes.filter(({ attributes }) => attributes.d === d).map(({ attributes }) => attributes.transform);
  // The plan of accuracy 0.9 at 1 ms, the backbone's 0.9 at 2 ms.
  expect(of(markPath(planMark, planMarkArea))).toEqual(["translate(244,134)"]);
  expect(shapes.filter(({ tooltip }) => tooltip).map(({ attributes }) => attributes.transform)).toEqual([
    "translate(144,334)",
    "translate(244,134)",
  ]);
  // The drop of 5 pp from 90 %.
  expect(shapes.some(({ attributes }) => attributes.d === "M44,234H644")).toBe(true);
  const texts = shapes.filter(({ tag }) => tag === "text");
  // The backbone's 2 ms are at 444; half of them at 244.
  expect(texts.find(({ content: words }) => words === "2x")?.attributes.x).toBe(244);
});

test("what fits is the backbone, the constraints and the plans about them", () => {
  const { x, y } = paretoDomain(content(), "front");
  // From the constraint's 85 %, and what is at most two and a half times as far below the best: nothing more.
  expect(x).toEqual([0, expect.closeTo(2 + 0.06 * 1.5, 9)]);
  expect(y[1]).toBeCloseTo(0.9 + 0.06 * 0.1, 9);
});

test("a network outside that beats the plan stands at the edge, with an arrow and its figures", () => {
  const beating = {
    ...reference,
    name: "small",
    accuracy: 0.97,
    latencyMs: { mean: 0.2, p50: 0.2, p95: 0.2 },
  };
  const other = { ...reference, name: "slow", accuracy: 0.97, latencyMs: { mean: 3.5, p50: 3.5, p95: 3.5 } };
  const namedAt = (references: (typeof reference)[], x: readonly [number, number]) => {
    const named = namedPoints(
      { backbone, references, pinned: [], best: null, guaranteed: null, titles },
      axes.mean,
    );
    const scene = paretoScene({ ...content(), named }, size, { ...domain, x });
    return scene.named.map(({ name, at }) => `${name} at ${at.left},${Math.round(at.top)}`);
  };
  // Above the plot's 95 %; 600 px for 3 ms from 44.
  expect(namedAt([beating], [0, 3])).toEqual(["backbone at 444,134", "↑ small: 97.0 %, 0.20 ms at 84,34"]);
  expect(namedAt([beating], [0.5, 3])[1]).toBe("↖ small: 97.0 %, 0.20 ms at 44,34");
  expect(namedAt([other], [0, 3])).toEqual(["backbone at 444,134"]);
});

test("the nearest plan stands at the edge wherever the view is, its figures said once", () => {
  const nearestOf = (plan: Pick<PartitionedPlan, "exits" | "chain">) => {
    const best = { plan, figures: figures(0.9, 1), feasible: false };
    const named = namedPoints(
      { backbone, references: [], pinned: [], best, guaranteed: null, titles },
      axes.mean,
    );
    return paretoScene({ ...content(), named, plan: null }, size, { ...domain, x: [1.5, 3] }).named[0];
  };
  const nearest = nearestOf({ exits: [] });
  expect(nearest.name).toBe("← nearest: 90.0 %, 1.00 ms");
  expect(nearest.at.left).toBe(44);
  expect(nearestOf({ exits: [], chain: ["small", "big"] }).name).toBe(
    "← nearest: 90.0 %, 1.00 ms, small → big",
  );
});

test("networks by themselves bear their names, those that are reference models once", () => {
  const networks = [
    { sha256: "small", figures: figures(0.85, 0.5) },
    { sha256: "1", figures: figures(0.85, 1) },
  ];
  const named = namedPoints(
    { backbone, networks, references: [reference], pinned: [], best: null, guaranteed: null, titles },
    axes.mean,
  );
  expect(named.map(({ key, place: { x, y } }) => [key, x, y])).toEqual([
    ["backbone", 2, 0.9],
    ["network small", 0.5, 0.85],
    ["reference 1", 1, 0.85],
  ]);
  expect(named[1].name).toBe("small");
});

test("plans through other networks have a ring about their mark, in colour and shape of their series", () => {
  const chain = ["small", "big"];
  const plans = [charted("a", 0.8, 0.5, { exits: [], chain }), charted("b", 0.9, 1)];
  const layers = seriesLayers(plans, planSeries(["exact"], null), [], axes.mean, null);
  const scene = paretoScene({ ...content(), layers }, size, domain);
  const marks = everyShape(paretoDrawing(scene).shapes).filter(({ tooltip }) => tooltip);
  const plain = markPath(ourMark, 24);
  expect(marks.map(({ attributes: { d, fill }, tooltip }) => [d === plain, fill, tooltip])).toEqual([
    [false, "series-ours", "80.00 %, 0.50 ms: small, then big"],
    [true, "series-ours", "90.00 %, 1.00 ms: b ≥ 0.500"],
  ]);
  // The dot of 24 px² is of radius 2.76, the ring's middle 2.4 further out, half of its 1.2 px on either side.
  expect(marks[0].attributes.d).toBe(
    `${plain}M-5.76,0a5.76,5.76,0,1,1,11.52,0a5.76,5.76,0,1,1,-11.52,0Z` +
      "M-4.56,0a4.56,4.56,0,1,0,9.12,0a4.56,4.56,0,1,0,-9.12,0Z",
  );
  const legend = (shown: readonly SeriesLayer[]) => JSON.stringify(withLegend(paretoDrawing(scene), shown));
  expect(legend(layers)).toContain("through other networks");
  expect(legend(content().layers)).not.toContain("through other networks");
});

test("labels of constraints that lie close together stand clear of each other and of their lines", () => {
  const useCase = {
    latency: "mean",
    maxDropPp: 5,
    minAccuracy: 0.848,
    maxBytes: 900,
    maxMemoryBytes: 950,
  } as const;
  const scene = paretoScene({ ...content(), axis: axes.bytes, useCase }, size, { ...domain, x: [0, 1000] });
  const labels = everyShape(paretoDrawing(scene).shapes)
    .filter(({ content: words }) => typeof words === "string" && /[≤≥]/.test(words))
    .map(({ content: words, attributes: { x, y, textAnchor } }) => [words, x, y, textAnchor]);
  // 0.6 px a byte from 44; 2070 px for all of the accuracy, from 95 % at 20; 8 px above the axis at 434.
  expect(labels).toEqual([
    // Its line is at 227, so below that the other one's at 231.1 would run through it; left of the two limits, which it would cross.
    ["drop ≤ 5.00 pp", 580, 222, "end"],
    ["accuracy ≥ 84.80 %", 580, 244.1, "end"],
    ["size ≤ 900 B", 575, 426, "end"],
    ["memory ≤ 950 B", 605, 413, "end"],
  ]);
});
