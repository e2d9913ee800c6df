import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../base/random.ts";
import { allPlans } from "../../space/testing/all-plans.ts";
import { ragbagSpace } from "../../space/testing/synthetic-space.ts";
import { thresholdGrid } from "../../space/threshold-grid.ts";
import { countPlans, createSettledCount } from "./count-plans.ts";
import type { SearchPart } from "./search-progress.ts";

const shapes = fc.record({
  samples: fc.integer({ min: 1, max: 60 }),
  positions: fc.integer({ min: 1, max: 4 }),
  maxExits: fc.integer({ min: 0, max: 4 }),
  levels: fc.integer({ min: 1, max: 4 }),
});

test("counts the plans that brute force enumerates, and those of them that a search has done with", () => {
  fc.assert(
    fc.property(fc.nat(), shapes, fc.integer({ min: 0, max: 4 }), (seed, shape, upTo) => {
      const random = seededRandom(seed);
      const space = ragbagSpace(random, shape);
      const grid = thresholdGrid(space);
      const plans = [...allPlans(space)];
      expect(countPlans(space, grid)).toBe(plans.length);

      const exits = Math.min(upTo, space.maxExits);
      // Of some candidates one level, of some all.
      const done = space.candidates.flatMap((_, candidate): SearchPart[] =>
        random() < 0.5 ? [] : [random() < 0.5 ? { candidate } : { candidate, level: 0 }],
      );
      const isDone = ({ candidate, threshold }: { candidate: number; threshold: number }) =>
        done.some(
          (part) =>
            part.candidate === candidate &&
            (part.level === undefined || grid[candidate][part.level] === threshold),
        );
      const settled = plans.filter(
        (plan) => plan.length <= exits || (plan.length === exits + 1 && isDone(plan[0])),
      );
      expect(createSettledCount(space, grid)({ exits, done })).toBe(settled.length);
    }),
    { numRuns: 60 },
  );
});
