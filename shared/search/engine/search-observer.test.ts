import { describe, expect, it } from "vitest";
import { silentJob } from "../../base/job.ts";
import { seededRandom } from "../../base/random.ts";
import { syntheticSpace } from "../../space/testing/synthetic-space.ts";
import { searchAlgorithms } from "../index.ts";
import { runSearch } from "./run-search.ts";
import type { SearchObserver, SearchStanding } from "./search-observer.ts";

describe("an observer", () => {
  it.each(searchAlgorithms.map((algorithm) => [algorithm.id, algorithm] as const))(
    "sees all plans of '%s' and changes nothing",
    async (_id, algorithm) => {
      const space = syntheticSpace(seededRandom(2), {
        positions: 8,
        samples: 4000,
        levels: 16,
        maxExits: 3,
      });
      const settings = {
        useCase: { latency: "mean" } as const,
        budget: algorithm.exhaustive ? Number.POSITIVE_INFINITY : 15_000,
        seed: 7,
      };
      let seen = 1;
      const standings: (Pick<SearchStanding, "evaluations"> & { points: number })[] = [];
      const observer: SearchObserver = {
        evaluated: ({ rows, columns }) => {
          seen += rows * columns;
        },
        paused: ({ evaluations, front }) => {
          standings.push({ evaluations, points: front().length });
          expect(evaluations).toBe(seen);
        },
      };
      const observed = await runSearch({ space, algorithm, ...settings, observer }, silentJob);
      expect(observed).toEqual(await runSearch({ space, algorithm, ...settings }, silentJob));
      expect(seen).toBe(observed.evaluations);
      expect(standings.length).toBeGreaterThan(0);
      expect(standings[0].points).toBeGreaterThan(1);
    },
  );
});
