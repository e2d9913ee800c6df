import { expect, test } from "vitest";
import { charted, frontFile } from "../../../shared/presentation/testing/test-plans.ts";
import { axes } from "./axes.ts";
import { chartFrame } from "./chart-frame.ts";
import { linePoints, marked, nearestPlan, seriesLayers } from "./chart-layers.ts";
import { planSeries } from "./series.ts";

const scheme = { series: "scheme:uniform", role: "scheme" } as const;
const plans = [
  charted("a", 0.8, 0.5),
  charted("b", 0.9, 1),
  // As fast as b and worse.
  charted("c", 0.85, 1),
  charted("s1", 0.7, 0.4, scheme),
  charted("s2", 0.85, 1.2, scheme),
];
const series = planSeries(["exact"], frontFile());

test("a series is parted into its front and what is dominated; schemes are measured by our front", () => {
  const [ours, uniform] = seriesLayers(plans, series, [], axes.mean, null);
  expect(ours.front.map(({ plan }) => plan.id)).toEqual(["a", "b"]);
  expect(ours.dominated.map(({ plan }) => plan.id)).toEqual(["c"]);
  expect(uniform.front.map(({ plan }) => plan.id)).toEqual(["s1"]);
  expect(uniform.dominated.map(({ plan }) => plan.id)).toEqual(["s2"]);
});

test("hidden series are left out, but ours still measures the schemes", () => {
  const [only, ...rest] = seriesLayers(plans, series, ["search:exact"], axes.mean, null);
  expect(rest).toEqual([]);
  expect(only.dominated.map(({ plan }) => plan.id)).toEqual(["s2"]);
});

test("the nearest plan within reach is found, marks keep their distance, lines their pixels", () => {
  const frame = chartFrame({ width: 460, height: 356 }, axes.mean, false, { x: [0, 2], y: [0.7, 0.9] });
  const front = seriesLayers(plans, series, [], axes.mean, null)[0].front;
  // 200 px a ms from 44; accuracy 0.9 is at the top, 34.
  expect(nearestPlan(front, frame, { left: 250, top: 40 }, 12)?.plan.id).toBe("b");
  expect(nearestPlan(front, frame, { left: 260, top: 60 }, 12)).toBeNull();
  expect(marked(front, frame, 1000).map(({ plan }) => plan.plan.id)).toEqual(["a"]);
  const twice = [front[0], { ...front[0], x: front[0].x + 0.001 }, front[1]];
  expect(linePoints(twice, frame)).toEqual([twice[0], twice[2]]);
});
