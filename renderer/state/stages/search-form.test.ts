import { expect, test } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import { emptyDesign } from "../../../shared/model/design.ts";
import { searchOptionsSchema } from "../../../shared/model/stage-options.ts";
import { joinedPairs } from "../../../shared/presentation/chart/evaluated-pairs.ts";
import { countPlans } from "../../../shared/search/engine/count-plans.ts";
import { syntheticSpace } from "../../../shared/space/testing/synthetic-space.ts";
import { thresholdGrid } from "../../../shared/space/threshold-grid.ts";
import { estimatedPlans, isEnormous } from "../../stages/search/plan-count.ts";
import { chosenPolicies, defaultForm, optionHint, searchedOffload, searchOptions } from "./search-form.ts";

test("the defaults make options that the engine takes", () => {
  const options = searchOptions(defaultForm, ["top1", "entropy"], { latency: "p95", maxDropPp: 1 });
  expect(searchOptionsSchema.parse(options)).toMatchObject({
    algorithm: "exact",
    policies: ["top1"],
    maxExits: 3,
    levels: 32,
    budget: 20_000,
    useCase: { latency: "p95", maxDropPp: 1 },
  });
});

test("what the search is for, its time and the refinement are passed on; left alone they are absent", () => {
  const plain = searchOptions(defaultForm, ["top1"], { latency: "mean" });
  expect(Object.keys(plain)).not.toEqual(expect.arrayContaining(["goal", "timeLimit", "refine"]));
  const form = { ...defaultForm, goal: "best", timeLimit: 2.5, refine: true } as const;
  expect(searchOptionsSchema.parse(searchOptions(form, ["top1"], { latency: "mean" }))).toMatchObject({
    goal: "best",
    timeLimit: 2.5,
    refine: true,
  });
  for (const key of ["goal", "timeLimit", "refine"] as const) expect(optionHint(key)).toMatch(/^[A-Z]/);
});

test("the partition is searched for the second target that is chosen, unless the person or a guarantee wants it otherwise", () => {
  const second = { server: "server", link: { latencyMs: 5, bandwidthMbps: 100 } };
  const design = { ...emptyDesign, offload: { ...second, cut: "a" } };
  expect(searchedOffload(defaultForm, design)).toEqual(second);
  expect(searchedOffload({ ...defaultForm, cut: false }, design)).toBeUndefined();
  expect(searchedOffload(defaultForm, emptyDesign)).toBeUndefined();
  const guaranteed = { ...design, useCase: { ...design.useCase, confidence: 0.95 } };
  expect(searchedOffload(defaultForm, guaranteed)).toBeUndefined();
});

test("each algorithm keeps its own options; an unknown one falls back to the first", () => {
  const form = {
    ...defaultForm,
    algorithm: "nsga2",
    algorithmOptions: { nsga2: { population: 50 }, annealing: { chains: 2 } },
  };
  expect(searchOptions(form, ["top1"], { latency: "mean" }).algorithmOptions).toEqual({ population: 50 });
  expect(searchOptions({ ...form, algorithm: "gone" }, ["top1"], { latency: "mean" }).algorithm).toBe(
    "exact",
  );
});

test("policies without tables are left out, and at least one stays", () => {
  expect(chosenPolicies({ ...defaultForm, policies: ["entropy", "margin"] }, ["top1", "margin"])).toEqual([
    "margin",
  ]);
  expect(chosenPolicies({ ...defaultForm, policies: ["gone"] }, ["entropy"])).toEqual(["entropy"]);
});

test("the estimate bounds the count of a space whose confidences have no ties", () => {
  const space = syntheticSpace(seededRandom(1), { positions: 4, samples: 200, maxExits: 2, levels: 8 });
  const policies = [...new Set(space.candidates.map(({ policy }) => policy))];
  expect(estimatedPlans(space, policies, 2, 8)).toBeGreaterThanOrEqual(
    countPlans(space, thresholdGrid(space)),
  );
  // One exit with 8 levels at 4 cut points with as many candidates each, and the backbone alone.
  expect(estimatedPlans(space, policies, 1, 8)).toBe(1 + 8 * space.candidates.length);
  expect(isEnormous(723e6, "front", "mean")).toBe(false);
  expect(isEnormous(1e12, "front", "mean")).toBe(true);
  expect(isEnormous(1e12, "best", "mean")).toBe(false);
  expect(isEnormous(1e12, "best", "p95")).toBe(true);
});

test("what every algorithm evaluated is shown together", () => {
  const pairs = new Map([
    ["exact", Float32Array.of(0.5, 1, 0.75, 2)],
    ["random", Float32Array.of(0.25, 3)],
  ]);
  expect([...joinedPairs(pairs)]).toEqual([0.5, 1, 0.75, 2, 0.25, 3]);
});

test("halves take turns if that is wanted, but not beside a guarantee", () => {
  const form = { ...defaultForm, crossFit: true };
  const wish = { latency: "mean", maxDropPp: 1 } as const;
  expect(searchOptions(form, ["top1"], wish).crossFit).toBe(true);
  expect(searchOptions(form, ["top1"], { ...wish, confidence: 0.95 })).not.toHaveProperty("crossFit");
  expect(searchOptions(defaultForm, ["top1"], wish)).not.toHaveProperty("crossFit");
});
