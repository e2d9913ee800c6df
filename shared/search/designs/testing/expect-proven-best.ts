import { expect } from "vitest";
import { silentJob } from "../../../base/job.ts";
import type { DesignSpace } from "../../../space/design-space.ts";
import type { FrontPoint } from "../../engine/front-point.ts";
import { searchAlgorithms } from "../../index.ts";
import { startDesignSearch } from "../search-designs.ts";

/**
 * For tests: no algorithm beats the proven front, and each that isn't exhaustive keeps to its budget over all spaces.
 * @returns the front of each
 */
export async function expectProvenBest(
  spaces: readonly DesignSpace[],
  evaluations: number,
): Promise<readonly (readonly FrontPoint[])[]> {
  const results = [];
  for (const algorithm of searchAlgorithms) {
    const budget = algorithm.exhaustive ? Number.POSITIVE_INFINITY : evaluations;
    const search = startDesignSearch({ spaces, algorithm, useCase: { latency: "mean" }, budget, seed: 3 });
    await search.advance(silentJob);
    results.push(search.result());
    if (!algorithm.exhaustive) expect(search.result().evaluations).toBeLessThanOrEqual(evaluations);
  }
  const [proven, ...others] = results;
  expect(others.length).toBeGreaterThan(0);
  for (const other of others) expect(other.hypervolume).toBeLessThanOrEqual(proven.hypervolume + 1e-12);
  return results.map(({ front }) => front);
}
