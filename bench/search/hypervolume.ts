import { silentJob } from "../../shared/base/job.ts";
import { startSearch } from "../../shared/search/engine/run-search.ts";
import type { SearchAlgorithm } from "../../shared/search/engine/search-algorithm.ts";
import { searchAlgorithms } from "../../shared/search/index.ts";
import type { SearchSpace } from "../../shared/space/search-space.ts";
import type { BenchOptions, BenchReport } from "./bench-part.ts";
import { drawLines } from "./line-charts.ts";
import { sampleTable, table } from "./tables.ts";

/** When the hypervolume is noted, seconds of the clock. */
const moments = [0.05, 0.1, 0.2, 0.3, 0.5, 1, 3, 10, 30, 60];

const QUICK_SECONDS = 3;

interface Case {
  readonly space: (seed: number) => SearchSpace | Promise<SearchSpace>;
  /** How long every algorithm has, unless in a hurry. */
  readonly seconds: number;
}

const cases: Record<string, Case> = {
  c12e3: { space: (seed) => table(seed, 12, 3), seconds: 10 },
  c27e5: { space: (seed) => table(seed, 27, 5), seconds: 10 },
  sample: { space: () => sampleTable(5), seconds: 10 },
  c60e8: { space: (seed) => table(seed, 60, 8, 100_000), seconds: 60 },
};

interface Moment {
  readonly seconds: number;
  readonly value: number;
}

/**
 * Hypervolume over time of every algorithm with its default options, as many plans as it gets to; medians over the searches' seeds.
 * The clock starts when a search does: the grid, the level codes and the kernel, which are the same for all, are ready.
 * Each algorithm has run for a moment before, so that none pays for what the next ones find compiled.
 */
export async function benchHypervolume({ seed, seeds, quick, svg }: BenchOptions): Promise<BenchReport> {
  for (const algorithm of searchAlgorithms) await hypervolumes(table(seed, 12, 4), algorithm, seed, [0.2]);
  const volumes: Record<string, Record<string, Moment[]>> = {};
  const lines: string[] = [];
  for (const [name, { space, seconds }] of Object.entries(cases)) {
    const searched = await space(seed);
    const noted = moments.filter((moment) => moment <= (quick ? QUICK_SECONDS : seconds));
    volumes[name] = {};
    for (const algorithm of searchAlgorithms) {
      const runs: Moment[][] = [];
      for (let k = 0; k < seeds; k++) runs.push(await hypervolumes(searched, algorithm, seed + k, noted));
      const medians = noted.map((_, at) => ({
        seconds: median(runs.map((run) => run[at].seconds)),
        value: median(runs.map((run) => run[at].value)),
      }));
      volumes[name][algorithm.id] = medians;
      const told = medians.map(({ value, seconds: at }) => `${value.toFixed(5)} at ${at.toFixed(2)} s`);
      lines.push(`${name.padEnd(6)} ${algorithm.id.padEnd(10)} ${told.join(", ")}`);
    }
  }
  if (svg) drawLines(svg, "Hypervolume over time", "seconds", volumePanels(volumes));
  return { figures: { hypervolume: volumes, seeds }, lines };
}

/** A search that has ended keeps its front. */
async function hypervolumes(
  space: SearchSpace,
  algorithm: SearchAlgorithm,
  seed: number,
  noted: readonly number[],
): Promise<Moment[]> {
  const budget = algorithm.exhaustive ? Number.POSITIVE_INFINITY : Number.MAX_SAFE_INTEGER;
  const settings = { useCase: { latency: "mean" as const }, budget, seed };
  const search = startSearch({ space, algorithm, ...settings });
  const points: Moment[] = [];
  const start = performance.now();
  for (const moment of noted) {
    const isTimeUp = () => performance.now() - start >= 1000 * moment;
    await search.advance({ ...silentJob, isTimeUp });
    const seconds = Math.max(moment, (performance.now() - start) / 1000);
    points.push({ seconds, value: search.result().hypervolume });
  }
  return points;
}

function volumePanels(volumes: Readonly<Record<string, Readonly<Record<string, readonly Moment[]>>>>) {
  return Object.entries(volumes).map(([title, algorithms]) => ({
    title,
    series: Object.entries(algorithms).map(([name, points]) => ({
      name,
      points: points.map(({ seconds, value }) => ({ x: seconds, y: value })),
    })),
  }));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
