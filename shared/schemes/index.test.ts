import { describe, expect, test } from "vitest";
import { seededRandom } from "../base/random.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import type { SearchSpace } from "../space/search-space.ts";
import { syntheticSpace } from "../space/testing/synthetic-space.ts";
import { fixedSchemes } from "./index.ts";

const shape = { samples: 400, positions: 19, maxExits: 3, levels: 8 };

/** Cut points at 5, 10, … 95 % of the MACs, each with both policies. */
const space = withBothPolicies(syntheticSpace(seededRandom(3), shape));

function withBothPolicies(single: SearchSpace): SearchSpace {
  const candidates = single.candidates.flatMap((candidate) =>
    ["top1", "entropy"].map((policy) => ({ ...candidate, policy })),
  );
  return { ...single, candidates };
}

const expected: Record<string, { policy: string; percents: number[] }> = {
  branchynet: { policy: "entropy", percents: [35, 65] },
  "shallow-deep": { policy: "top1", percents: [15, 30, 45, 60, 75, 90] },
  uniform: { policy: "top1", percents: [25, 50, 75] },
};

describe.each(fixedSchemes.map((scheme) => [scheme.id, scheme] as const))("%s", (id, scheme) => {
  test("stands where its paper says, with one threshold for all exits", () => {
    const plans = scheme.plans(space);
    const { policy, percents } = expected[id];
    expect(plans.length).toBeGreaterThan(12);
    for (const { exits, figures } of plans) {
      const candidates = exits.map((exit) => space.candidates[exit.candidate]);
      expect(candidates.map(({ prefixMacs }) => Math.round(prefixMacs / 1e6))).toEqual(percents);
      expect(new Set(candidates.map((candidate) => candidate.policy))).toEqual(new Set([policy]));
      expect(new Set(exits.map((exit) => exit.threshold)).size).toBe(1);
      expect(figures).toEqual(evaluatePlan(space, exits));
    }
  });

  test("goes from nearly the whole backbone to the first exit for all", () => {
    const plans = scheme.plans(space);
    expect(plans[0].figures.exitRates.at(-1)).toBeGreaterThan(0.5);
    expect(plans.at(-1)!.figures.exitRates[0]).toBe(1);
    const latencies = plans.map(({ figures }) => figures.latencyMs.mean);
    expect(latencies).toEqual(latencies.toSorted((a, b) => b - a));
  });

  test("has no plans where its policy is missing", () => {
    const candidates = space.candidates.map((candidate) => ({ ...candidate, policy: "margin" }));
    expect(scheme.plans({ ...space, candidates })).toEqual([]);
  });

  test("places each exit once where there are fewer cut points, and takes the better head", () => {
    const entry = space.candidates[0];
    const worse = { ...entry, head: "worse", correct: new Uint8Array(space.samples) };
    const policies = ["top1", "entropy"];
    const candidates = [worse, entry].flatMap((head) => policies.map((policy) => ({ ...head, policy })));
    const [plan] = scheme.plans({ ...space, candidates });
    expect(plan.exits.map((exit) => candidates[exit.candidate].head)).toEqual(["linear"]);
  });
});
