import { expect, test } from "vitest";
import { planSeries } from "../plans/series.ts";
import { charted, frontFile } from "../testing/test-plans.ts";
import { axes } from "./axes.ts";
import { chartFrame } from "./chart-frame.ts";
import { frontPath, marked, runPath, seriesLayers } from "./series-layers.ts";

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

test("marks keep their distance, a front's line climbs in steps, and leaves out what no pixel shows", () => {
  const frame = chartFrame({ width: 460, height: 356 }, axes.mean, false, { x: [0, 2], y: [0.7, 0.9] });
  const front = seriesLayers(plans, series, [], axes.mean, null)[0].front;
  expect(marked(front, frame, 1000).map(({ plan }) => plan.plan.id)).toEqual(["a"]);
  // 200 px a ms from 44; accuracy 0.9 is at the top, 34, and 0.7 at the bottom, 320.
  expect(runPath(front, frame)).toBe("M144,177L244,34");
  expect(frontPath(front, frame)).toBe("M144,177L244,177L244,34");
  const twice = [front[0], { ...front[0], x: front[0].x + 0.001 }, front[1]];
  expect(frontPath(twice, frame)).toBe(frontPath(front, frame));
});
