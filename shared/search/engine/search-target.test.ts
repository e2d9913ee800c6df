import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../base/random.ts";
import { syntheticSpace } from "../../space/testing/synthetic-space.ts";
import { createSearchTarget } from "./search-target.ts";

const space = syntheticSpace(seededRandom(1), { samples: 20, positions: 3, maxExits: 2, levels: 4 });

const useCases = fc.constantFrom(
  {},
  { maxDropPp: 10 },
  { minAccuracy: 0.9 },
  { maxLatencyMs: 0.6 },
  { maxDropPp: 20, maxLatencyMs: 0.7 },
);

test("a line that begins at the ceiling is beaten, and one below it isn't", () => {
  const plans = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 40 })));
  const steps = fc.constantFrom(0, 0.01, 0.1, 1);
  fc.assert(
    fc.property(
      fc.constantFrom("front" as const, "best" as const),
      useCases,
      plans,
      steps,
      (goal, wish, offers, stepMs) => {
        const useCase = { latency: "mean" as const, ...wish };
        const target = createSearchTarget<string>(goal, space, useCase, new Float64Array(21));
        for (const [right, latency] of offers) target.offer(right, latency / 40, "plan");
        const line = (latencyMs: number) => ({ right: 0, latencyMs, stepMs, lastRight: 20 });
        const ceiling = target.ceiling(stepMs);
        if (ceiling === Number.POSITIVE_INFINITY) return;
        expect(target.beats(line(ceiling + 1e-9))).toBe(true);
        if (ceiling > Number.NEGATIVE_INFINITY) expect(target.beats(line(ceiling - 1e-9))).toBe(false);
      },
    ),
    { numRuns: 300 },
  );
});
