import { expect, test } from "vitest";
import { pastSearchOf } from "../../files/past-search.ts";
import { axes, placeOf } from "../chart/axes.ts";
import { pastMarks } from "../drawing/marks.ts";
import { exit, frontFile } from "../testing/test-plans.ts";
import { chartedPlans, pastPlans } from "./charted-plans.ts";
import { pastSeries, planSeries } from "./series.ts";

test("every plan of searches and schemes is there, ours first and schemes by latency", () => {
  const plans = chartedPlans(frontFile(), null);
  expect(plans.map(({ id, role }) => `${id} ${role}`)).toEqual([
    "search:exact/0 ours",
    "search:exact/1 ours",
    "search:nsga2/0 alternative",
    "search:nsga2/1 alternative",
    "scheme:uniform/0 scheme",
    "scheme:uniform/1 scheme",
  ]);
  expect(plans.slice(-2).map(({ stated }) => stated?.latencyMs)).toEqual([0.9, 1.5]);
});

test("plans of an earlier search have no figures of their own", () => {
  const search = pastSearchOf(frontFile(), 2);
  const series = pastSeries(search, 4);
  expect(series).toMatchObject({ id: "past:2", title: "Search 2", role: "past", mark: pastMarks[1] });
  const [first, second] = pastPlans(search, series);
  expect(first).toEqual({
    id: "past:2/0",
    series: "past:2",
    role: "past",
    exits: [exit("a")],
    stated: null,
    figures: null,
  });
  expect(placeOf(second, axes.mean, "mean")).toBeNull();
});

test("plans without tuned networks are a series of their own, behind ours", () => {
  const [ours] = frontFile().searches;
  const frozen = { ...ours, front: ours.front.slice(1), alone: [] };
  const plans = chartedPlans(frontFile({ frozen }), null);
  expect(plans.map(({ id, role }) => `${id} ${role}`).slice(0, 4)).toEqual([
    "search:exact/0 ours",
    "search:exact/1 ours",
    "frozen/0 frozen",
    "search:nsga2/0 alternative",
  ]);
  expect(planSeries(["exact", "nsga2"], frontFile({ frozen })).map(({ id }) => id)).toEqual([
    "search:exact",
    "frozen",
    "search:nsga2",
    "scheme:uniform",
  ]);
});

test("growing fronts stand in for those of the last search, schemes stay", () => {
  const growing = new Map([["random", [{ exits: [], accuracy: 0.6, latencyMs: 2 }]]]);
  const plans = chartedPlans(frontFile(), growing);
  expect(plans.map(({ id }) => id)).toEqual(["search:random/0", "scheme:uniform/0", "scheme:uniform/1"]);
  expect(plans[0].role).toBe("ours");
  expect(chartedPlans(null, null)).toEqual([]);
});

test("a plan that was found keeps its cut", () => {
  const [search] = frontFile().searches;
  const front = search.front.map((plan) => ({ ...plan, cut: "input" }));
  const [first] = chartedPlans(frontFile({ searches: [{ ...search, front }] }), null);
  expect(first.cut).toBe("input");
});
