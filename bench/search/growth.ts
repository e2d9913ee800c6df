import { silentJob } from "../../shared/base/job.ts";
import { seededRandom } from "../../shared/base/random.ts";
import { runSearch } from "../../shared/search/engine/run-search.ts";
import { exact } from "../../shared/search/exact/exact.ts";
import { type SyntheticShape, syntheticSpace } from "../../shared/space/testing/synthetic-space.ts";
import type { BenchOptions, BenchReport } from "./bench-part.ts";
import { drawLines } from "./line-charts.ts";

const base: SyntheticShape = { samples: 10_000, positions: 12, maxExits: 3, levels: 32 };
const growing = {
  samples: [2_500, 5_000, 10_000, 20_000, 40_000],
  positions: [6, 12, 18, 24, 30],
  maxExits: [1, 2, 3, 4],
  levels: [8, 16, 32, 64],
} as const;

/** Seconds to the proven front as one size grows and the others stay: 12 cut points, 3 exits, 32 levels, 10 000 samples. */
export async function benchGrowth({ seed, svg }: BenchOptions): Promise<BenchReport> {
  const figures: Record<string, { size: number; seconds: number }[]> = {};
  for (const [what, sizes] of Object.entries(growing)) {
    figures[what] = [];
    for (const size of sizes) {
      const space = syntheticSpace(seededRandom(seed), { ...base, [what]: size });
      const settings = { useCase: { latency: "mean" as const }, budget: Number.POSITIVE_INFINITY, seed };
      const start = performance.now();
      await runSearch({ space, algorithm: exact, ...settings }, silentJob);
      figures[what].push({ size, seconds: (performance.now() - start) / 1000 });
    }
  }
  if (svg) {
    const panels = Object.entries(figures).map(([title, points]) => ({
      title,
      series: [{ name: "exact", points: points.map(({ size, seconds }) => ({ x: size, y: seconds })) }],
    }));
    drawLines(svg, "Seconds to the proven front, by size", "", panels);
  }
  const lines = Object.entries(figures).map(
    ([what, points]) =>
      `${what.padEnd(10)} ${points.map(({ size, seconds }) => `${size}: ${seconds.toFixed(2)} s`).join(", ")}`,
  );
  return { figures: { growth: figures }, lines };
}
