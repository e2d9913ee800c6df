import os from "node:os";
import { searchOnThreads } from "../../electron/engine/search/search-on-threads.ts";
import { silentJob } from "../../shared/base/job.ts";
import { seededRandom } from "../../shared/base/random.ts";
import { buildChains } from "../../shared/chains/build-chains.ts";
import { bigAndLittle } from "../../shared/chains/testing/made-up-networks.ts";
import { evaluatePlan } from "../../shared/evaluate/evaluate-plan.ts";
import { startDesignSearch } from "../../shared/search/designs/search-designs.ts";
import { recommend } from "../../shared/search/engine/recommend.ts";
import { exact } from "../../shared/search/exact/exact.ts";
import { spaceOfPlan } from "../../shared/space/design-space.ts";
import type { BenchOptions, BenchReport } from "./bench-part.ts";

/** Exits, what for, and the drop that it may cost, percentage points. */
const cases = {
  best0: { maxExits: 4, goal: "best", maxDropPp: 0 },
  best05: { maxExits: 4, goal: "best", maxDropPp: 0.5 },
  best1: { maxExits: 4, goal: "best", maxDropPp: 1 },
  front3: { maxExits: 3, goal: "front", maxDropPp: 0.5 },
} as const;

/** Seconds at the most. */
const limit = 120;

/**
 * Exact search over all chains of a network of 27 cut points and one of 9 that takes a third of the latency, at 10 000
 * samples and 32 levels on all cores, and over the larger one alone.
 */
export async function benchChains({ seed }: BenchOptions): Promise<BenchReport> {
  const figures: Record<string, object> = {};
  const lines: string[] = [];
  const threads = os.availableParallelism();
  for (const [name, { maxExits, goal, maxDropPp }] of Object.entries(cases)) {
    const shape = { samples: 10_000, positions: 27, maxExits, levels: 32 };
    const all = buildChains(bigAndLittle(seededRandom(seed), shape), "cheaper-first");
    const useCase = { latency: "mean" as const, maxDropPp };
    for (const [kind, spaces] of [
      ["alone", all.slice(0, 1)],
      ["chains", all],
    ] as const) {
      const start = performance.now();
      const isTimeUp = () => performance.now() - start > 1000 * limit;
      const settings = { useCase, goal, budget: Number.POSITIVE_INFINITY, seed };
      const search = startDesignSearch({
        spaces,
        algorithm: exact,
        start: searchOnThreads(threads),
        ...settings,
      });
      await search.advance({ ...silentJob, isTimeUp });
      const { proven, gap, evaluations, front, hypervolume } = search.result();
      const seconds = (performance.now() - start) / 1000;
      const { point } = recommend(spaces[0].space, front, useCase, (plan) =>
        evaluatePlan(spaceOfPlan(spaces, plan).space, plan.exits),
      );
      const speedup = spaces[0].space.backboneMs / point.latencyMs;
      figures[name] = {
        ...figures[name],
        [kind]: { threads, seconds, proven, gap, evaluations, hypervolume, speedup },
      };
      lines.push(
        `${name.padEnd(7)} ${kind.padEnd(7)} ${seconds.toFixed(1)} s, ${proven ? "proven" : `gap ${((gap ?? 1) * 100).toFixed(2)} %`}, ` +
          `${(evaluations / 1e6).toFixed(0)} million plans evaluated, hypervolume ${hypervolume.toFixed(4)}, ` +
          `${speedup.toFixed(3)}x, ${point.chain?.join(" then ") ?? "big"}, ${point.exits.length} exits`,
      );
    }
  }
  return { figures: { chains: figures }, lines };
}
