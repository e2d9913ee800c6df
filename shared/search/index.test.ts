import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { silentJob } from "../base/job.ts";
import { seededRandom } from "../base/random.ts";
import { countSamples, evaluatePlan } from "../evaluate/evaluate-plan.ts";
import type { PlanFigures } from "../model/plan.ts";
import type { UseCase } from "../model/use-case.ts";
import { hypervolume } from "../pareto/hypervolume.ts";
import { paretoFront } from "../pareto/pareto-front.ts";
import { referencePoint } from "../space/reference-point.ts";
import { withEnergies } from "../space/testing/energies.ts";
import { syntheticSpace } from "../space/testing/synthetic-space.ts";
import { runSearch } from "./engine/run-search.ts";
import { searchAlgorithmById, searchAlgorithms } from "./index.ts";

const space = syntheticSpace(seededRandom(4), { samples: 500, positions: 8, maxExits: 3, levels: 8 });
const settings = { useCase: { latency: "mean" as const }, budget: 3000, seed: 7 };

describe.each(searchAlgorithms.map((algorithm) => [algorithm.id, algorithm] as const))(
  "%s",
  (id, algorithm) => {
    test("its front holds for the plain evaluation, and each point counts", async () => {
      const result = await runSearch({ space, algorithm, ...settings }, silentJob);
      for (const point of result.front) {
        const figures = evaluatePlan(space, point.exits);
        expect(figures.accuracy).toBe(point.accuracy);
        expect(countSamples(space, point.exits).right).toBe(point.right);
        expect(figures.latencyMs.mean).toBe(point.latencyMs);
        expect(point.exits.length).toBeLessThanOrEqual(space.maxExits);
      }
      expect(paretoFront(result.front)).toEqual(result.front);
      expect(result.front.length).toBeGreaterThan(10);
      expect(result.hypervolume).toBe(hypervolume(result.front, referencePoint(space)));
      expect(result.algorithm).toBe(id);
      expect(result.evaluations).toBeLessThanOrEqual(settings.budget);
      expect(result.evaluations).toBeGreaterThan(0.5 * settings.budget);
    });

    test("the same seed gives the same result", async () => {
      const once = await runSearch({ space, algorithm, ...settings }, silentJob);
      expect(await runSearch({ space, algorithm, ...settings }, silentJob)).toEqual(once);
    });

    test("serves p95 as well", async () => {
      const useCase = { latency: "p95" as const };
      const { front } = await runSearch({ space, algorithm, ...settings, useCase }, silentJob);
      for (const { exits, latencyMs } of front) {
        expect(evaluatePlan(space, exits).latencyMs.p95).toBe(latencyMs);
      }
      expect(front.length).toBeGreaterThan(1);
    });

    test("serves energy as well, as the axis and as a limit", async () => {
      const measured = withEnergies(space);
      const run = (useCase: UseCase) =>
        runSearch({ space: measured, algorithm, ...settings, useCase }, silentJob);
      const onAxisOfEnergies = await run({ latency: "p95", axis: "energy", maxP95Ms: 0.9 });
      expect(onAxisOfEnergies.front.length).toBeGreaterThan(3);
      for (const { exits, latencyMs } of onAxisOfEnergies.front) {
        const figures = evaluatePlan(measured, exits);
        expect(figures.energyMillijoules).toBe(latencyMs);
        expect(figures.latencyMs.p95).toBeLessThanOrEqual(0.9);
      }
      const limited = await run({ latency: "mean", maxEnergyMillijoules: 1.5 });
      expect(limited.front.length).toBeGreaterThan(3);
      for (const { exits, latencyMs } of limited.front) {
        const figures = evaluatePlan(measured, exits);
        expect(figures.latencyMs.mean).toBe(latencyMs);
        expect(figures.energyMillijoules).toBeLessThanOrEqual(1.5);
      }
    });

    test("no plan exceeds maxBytes; where no head fits, the backbone is left", async () => {
      const run = (maxBytes: number) =>
        runSearch({ space, algorithm, ...settings, useCase: { latency: "mean", maxBytes } }, silentJob);
      const { front } = await run(space.backboneBytes + 8000);
      expect(Math.max(...front.map(({ exits }) => exits.length))).toBe(2);
      const { front: bare } = await run(space.backboneBytes);
      expect(bare.map(({ exits }) => exits)).toEqual([[]]);
    });

    test.each([
      ["maxP95Ms", 0.8, ({ latencyMs }: PlanFigures) => latencyMs.p95],
      ["maxWorstMs", 0.95, ({ latencyMs }: PlanFigures) => latencyMs.worst],
      ["maxBackboneRate", 0.1, ({ exitRates }: PlanFigures) => exitRates[exitRates.length - 1]],
    ] as const)("every plan keeps to %s, and there are some", async (field, most, got) => {
      const useCase = { latency: "mean" as const, [field]: most };
      const { front } = await runSearch({ space, algorithm, ...settings, useCase }, silentJob);
      expect(front.length).toBeGreaterThan(5);
      for (const { exits } of front) expect(got(evaluatePlan(space, exits))).toBeLessThanOrEqual(most);
      const everything = await runSearch({ space, algorithm, ...settings }, silentJob);
      expect(
        Math.max(...everything.front.map(({ exits }) => got(evaluatePlan(space, exits)))),
      ).toBeGreaterThan(most);
    });

    test("limits that no plan keeps to leave nothing", async () => {
      const useCase = { latency: "mean" as const, maxWorstMs: 0.01 };
      const { front, hypervolume } = await runSearch({ space, algorithm, ...settings, useCase }, silentJob);
      expect([front, hypervolume]).toEqual([[], 0]);
    });

    test("a space without candidates has the backbone alone as its front", async () => {
      const bare = { ...space, candidates: [] };
      const { front, evaluations, hypervolume } = await runSearch(
        { space: bare, algorithm, ...settings },
        silentJob,
      );
      expect(front).toHaveLength(1);
      expect([evaluations, hypervolume]).toEqual([1, 0]);
    });

    test("every option has a default and says what it is", () => {
      expect(algorithm.options.safeParse({}).success).toBe(true);
      for (const [name, field] of Object.entries(algorithm.options.shape)) {
        expect([name, (field as z.ZodType).description]).not.toContain(undefined);
      }
    });

    test("reports progress, and stops when the job is cancelled", async () => {
      const seen: number[] = [];
      const impatient = {
        report: (done: number, total: number) => seen.push(done / total),
        pause: () => Promise.reject(new Error("stop")),
      };
      const large = syntheticSpace(seededRandom(4), {
        samples: 5000,
        positions: 12,
        maxExits: 3,
        levels: 16,
      });
      const unfinished = runSearch({ space: large, algorithm, ...settings, budget: 1e6 }, impatient);
      await expect(unfinished).rejects.toThrow("stop");
      expect(seen).toHaveLength(1);
      expect(seen[0]).toBeGreaterThan(0);
      expect(seen[0]).toBeLessThan(1);
    });
  },
);

test("bad options, budgets and names are refused in words", async () => {
  const nsga2 = searchAlgorithmById("nsga2");
  const tooSmall = { ...settings, options: { population: 1 } };
  await expect(runSearch({ space, algorithm: nsga2, ...tooSmall }, silentJob)).rejects.toThrow(
    /search 'nsga2': [\s\S]*population/,
  );
  const endless = { ...settings, budget: Number.POSITIVE_INFINITY };
  await expect(runSearch({ space, algorithm: nsga2, ...endless }, silentJob)).rejects.toThrow(
    /budget of search 'nsga2' is Inf/,
  );
  expect(() => searchAlgorithmById("magic")).toThrow("no search algorithm 'magic'; choose from exact, nsga2");
});

test("a space that contradicts itself is refused", async () => {
  const torn = { ...space, backboneCorrect: new Uint8Array(3) };
  const search = runSearch({ space: torn, algorithm: searchAlgorithmById("random"), ...settings }, silentJob);
  await expect(search).rejects.toThrow("the backbone has 3 samples, expected 500");
  const shuffled = { ...space, candidates: space.candidates.toReversed() };
  const other = runSearch(
    { space: shuffled, algorithm: searchAlgorithmById("random"), ...settings },
    silentJob,
  );
  await expect(other).rejects.toThrow("the exit at cut-6 (position 6) is out of order");
});
