import { expect, test } from "vitest";
import { chartedPlans, isSamePlan, planKey, searchedTarget } from "./charted-plans.ts";
import { exit, frontFile } from "./test-plans.ts";

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
  expect(plans.slice(-2).map(({ stated }) => stated.latencyMs)).toEqual([0.9, 1.5]);
});

test("growing fronts stand in for those of the last search, schemes stay", () => {
  const growing = new Map([["random", [{ exits: [], accuracy: 0.6, latencyMs: 2 }]]]);
  const plans = chartedPlans(frontFile(), growing);
  expect(plans.map(({ id }) => id)).toEqual(["search:random/0", "scheme:uniform/0", "scheme:uniform/1"]);
  expect(plans[0].role).toBe("ours");
  expect(chartedPlans(null, null)).toEqual([]);
});

test("plans are the same if every exit is", () => {
  expect(isSamePlan([exit("a")], [exit("a")])).toBe(true);
  expect(isSamePlan([exit("a")], [exit("a", 0.6)])).toBe(false);
  expect(isSamePlan([exit("a")], [exit("a"), exit("b")])).toBe(false);
  expect(planKey([exit("a")])).not.toBe(planKey([exit("a", 0.6)]));
});

test("a front belongs to the target whose backbone took as long", () => {
  const profiles = [{ backbone: { meanMs: 3 } }, { backbone: { meanMs: 2 } }];
  expect(searchedTarget(frontFile(), profiles)).toBe(1);
  expect(searchedTarget(frontFile(), [])).toBe(-1);
});
