import os from "node:os";
import { searchOnThreads } from "../../electron/engine/search/search-on-threads.ts";
import { silentJob } from "../../shared/base/job.ts";
import { recommend } from "../../shared/search/engine/recommend.ts";
import { exact } from "../../shared/search/exact/exact.ts";
import type { BenchOptions, BenchReport } from "./bench-part.ts";
import { table } from "./tables.ts";

/** Cut points, exits, what for, and how long at the most. */
const cases = {
  c12e3: { positions: 12, maxExits: 3, goal: "front", limit: 60 },
  c27e3: { positions: 27, maxExits: 3, goal: "front", limit: 60 },
  c27e3best: { positions: 27, maxExits: 3, goal: "best", limit: 60 },
  c27e5: { positions: 27, maxExits: 5, goal: "best", limit: 60 },
} as const;

/**
 * Exact search at 10 000 samples and 32 levels, on one thread and on as many as there are cores, in turn; the use case
 * is the fastest plan that loses half a point. The figures of a case are those on all cores, with those on one beside.
 */
export async function benchExact({ seed }: BenchOptions): Promise<BenchReport> {
  const figures: Record<string, object> = {};
  const lines: string[] = [];
  const useCase = { latency: "mean" as const, maxDropPp: 0.5 };
  const runs = Object.entries(cases).flatMap(([name, of]) =>
    [...new Set([1, os.availableParallelism()])].map((threads) => ({ name, threads, ...of })),
  );
  for (const { name, threads, positions, maxExits, goal, limit } of runs) {
    const space = table(seed, positions, maxExits);
    const start = performance.now();
    const isTimeUp = () => performance.now() - start > 1000 * limit;
    const settings = { useCase, goal, budget: Number.POSITIVE_INFINITY, seed };
    const search = searchOnThreads(threads)({ space, algorithm: exact, ...settings });
    await search.advance({ ...silentJob, isTimeUp });
    const { proven, gap, evaluations, front } = search.result();
    const seconds = (performance.now() - start) / 1000;
    const { latencyMs } = recommend(space, front, useCase).point;
    const run = { threads, seconds, proven, gap, evaluations, bestLatencyMs: latencyMs };
    figures[name] = threads === 1 ? { ...run, oneThread: run } : { ...figures[name], ...run };
    lines.push(
      `${name.padEnd(10)} ${goal.padEnd(5)} threads ${threads}  ${seconds.toFixed(2)} s, ${proven ? "proven" : `gap ${((gap ?? 1) * 100).toFixed(2)} %`}, ` +
        `${(evaluations / 1e6).toFixed(1)} million plans evaluated, best ${latencyMs.toFixed(5)} ms`,
    );
  }
  return { figures: { exact: figures }, lines };
}
