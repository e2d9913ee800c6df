import { silentJob } from "../../shared/job.ts";
import { searchAlgorithms } from "../../shared/search/index.ts";
import { startSearch } from "../../shared/search/run-search.ts";
import type { BenchReport } from "./index.ts";
import { table } from "./tables.ts";

/** When the hypervolume is noted, seconds after the start. */
const moments = [0.1, 0.3, 1, 3, 10];

const tables = {
  c12e3: { positions: 12, maxExits: 3 },
  c27e5: { positions: 27, maxExits: 5 },
  c60e8: { positions: 60, maxExits: 8 },
};

/** Hypervolume over time of every algorithm, with its default options and as many plans as it gets to. */
export async function benchHypervolume(seed: number): Promise<BenchReport> {
  const volumes: Record<string, Record<string, { seconds: number; value: number }[]>> = {};
  const lines: string[] = [];
  for (const [name, { positions, maxExits }] of Object.entries(tables)) {
    const space = table(seed, positions, maxExits);
    volumes[name] = {};
    for (const algorithm of searchAlgorithms) {
      const budget = algorithm.exhaustive ? Number.POSITIVE_INFINITY : 1e6;
      const points: { seconds: number; value: number }[] = [];
      const start = performance.now();
      const search = startSearch(space, algorithm, { useCase: { latency: "mean" }, budget, seed });
      let ended = false;
      for (const moment of moments) {
        if (ended) break;
        const isTimeUp = () => performance.now() - start >= 1000 * moment;
        ended = await search.advance({ ...silentJob, isTimeUp });
        points.push({ seconds: (performance.now() - start) / 1000, value: search.result().hypervolume });
      }
      volumes[name][algorithm.id] = points;
      const told = points.map(({ seconds, value }) => `${value.toFixed(5)} at ${seconds.toFixed(1)} s`);
      lines.push(`${name.padEnd(6)} ${algorithm.id.padEnd(10)} ${told.join(", ")}`);
    }
  }
  return { figures: { hypervolume: volumes }, lines };
}
