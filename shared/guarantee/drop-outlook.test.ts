import { describe, expect, it } from "vitest";
import { silentJob } from "../base/job.ts";
import { randomInteger, seededRandom } from "../base/random.ts";
import { buildChains } from "../chains/build-chains.ts";
import { bigAndLittle } from "../chains/testing/made-up-networks.ts";
import { isBackbone } from "../model/plan.ts";
import { recommendAcrossSpaces } from "../search/designs/recommend-across-spaces.ts";
import { startDesignSearch } from "../search/designs/search-designs.ts";
import { exact } from "../search/exact/exact.ts";
import { type DesignSpace, spaceOfPlan } from "../space/design-space.ts";
import { takeFromAll } from "../space/split-space.ts";
import { syntheticSpace } from "../space/testing/synthetic-space.ts";
import { dropBound, dropWithin } from "./drop-odds.ts";
import { dropOutlook, withoutBias } from "./drop-outlook.ts";
import { estimateSelectionBias } from "./estimate-selection-bias.ts";
import { planEvidence, riskLimits } from "./plan-evidence.ts";
import type { SelectionBias } from "./selection-bias.ts";

/** What calibration samples are drawn from. */
const population = { samples: 20_000, positions: 6, maxExits: 2, levels: 16 };
const evidence = { samples: 5000, right: 4400, lost: 60, gained: 40 };
const bias: SelectionBias = [{ dropPp: 0, deviations: 1.5 }];

describe("outlook on the drop", () => {
  it("counts what choosing flatters by as lost: 1.5 standard deviations of 100 changes are 15 samples", () => {
    expect(withoutBias(evidence, bias)).toEqual({ samples: 5000, right: 4385, lost: 75, gained: 40 });
    const counts = { samples: 5000, lost: 75, gained: 40 };
    const outlook = dropOutlook(evidence, bias, { maxDrop: 0.01 }, 0.95, false);
    expect(outlook).toEqual({
      upperBoundPp: 100 * dropBound(counts, 0.95),
      keptProbability: dropWithin(counts, 0.01),
    });
    // 0.7 expected, a standard deviation of 0.21.
    expect(outlook.upperBoundPp).toBeCloseTo(0.7 + 1.645 * 0.214, 1);
    expect(outlook.keptProbability).toBeCloseTo(0.92, 1);
  });

  it("says nothing of a wish that there isn't, and takes two for independent", () => {
    expect(dropOutlook(evidence, bias, {}, 0.95, false).keptProbability).toBeUndefined();
    const probability = (limits: Parameters<typeof dropOutlook>[2]) =>
      dropOutlook(evidence, bias, limits, 0.95, false).keptProbability!;
    // 4385 of 5000 are the floor: even odds.
    expect(probability({ minAccuracy: 0.877 })).toBeCloseTo(0.5, 9);
    expect(probability({ minAccuracy: 0.877, maxDrop: 0.01 })).toBeCloseTo(
      probability({ maxDrop: 0.01 }) / 2,
      9,
    );
  });

  it("knows that the backbone alone has no drop", () => {
    const alone = { samples: 5000, right: 4400, lost: 0, gained: 0 };
    expect(dropOutlook(alone, bias, { maxDrop: 0 }, 0.95, true)).toEqual({
      upperBoundPp: 0,
      keptProbability: 1,
    });
  });

  it.each([
    ["of one network", 1, () => [{ space: syntheticSpace(seededRandom(3), population) }]],
    ["of two networks", 0, () => buildChains(bigAndLittle(seededRandom(3), population), "cheaper-first")],
  ])(
    "holds for plans that were chosen on the very samples, where a fixed plan's bound doesn't: %s",
    async (_, maxDropPp, of) => {
      const pool = of();
      const useCase = { latency: "mean" as const, maxDropPp };
      const random = seededRandom(5);
      const draws = 30;
      const held = { chosen: 0, asIfFixed: 0 };
      for (let draw = 0; draw < draws; draw++) {
        const drawn = takeFromAll(
          pool,
          Uint32Array.from({ length: 600 }, () => randomInteger(random, population.samples)),
        );
        const plan = await chosenOn(drawn, useCase);
        const estimated = (await estimateSelectionBias(drawn, useCase, 1, silentJob))!;
        const seen = planEvidence(spaceOfPlan(drawn, plan).space, plan.exits);
        const { lost, gained, samples } = planEvidence(spaceOfPlan(pool, plan).space, plan.exits);
        const drop = (lost - gained) / samples;
        const { upperBoundPp } = dropOutlook(seen, estimated, riskLimits(useCase), 0.95, isBackbone(plan));
        if (100 * drop <= upperBoundPp) held.chosen++;
        if (drop <= dropBound(seen, 0.95)) held.asIfFixed++;
      }
      expect(held.chosen / draws).toBeGreaterThanOrEqual(0.9);
      expect(held.asIfFixed / draws).toBeLessThan(0.9);
    },
  );
});

async function chosenOn(
  spaces: readonly DesignSpace[],
  useCase: Parameters<typeof recommendAcrossSpaces>[2],
) {
  const task = { spaces, algorithm: exact, useCase, budget: Number.POSITIVE_INFINITY, seed: 1 };
  const search = startDesignSearch(task);
  await search.advance(silentJob);
  return recommendAcrossSpaces(spaces, search.result().front, useCase).point;
}
