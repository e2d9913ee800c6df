/**
 * How long does a proven front take? Exact search over a synthetic space of the size that a CIFAR-sized network
 * gives: 18 candidates, up to 3 exits, 32 levels, 10 000 samples; 27 million plans.
 *
 *     npm run bench -- exact-search [POSITIONS] [EXITS] [mean|p95]
 */
import os from "node:os";
import { thresholdGrid } from "../shared/evaluate/threshold-grid.ts";
import { silentJob } from "../shared/job.ts";
import { seededRandom } from "../shared/random.ts";
import { exact } from "../shared/search/exact.ts";
import { runSearch } from "../shared/search/run-search.ts";
import { countPlans } from "../shared/search/search-space.ts";
import { syntheticSpace } from "../shared/search/synthetic-space.ts";

const [positions = "18", exits = "3", latency = "mean"] = process.argv.slice(2);
const seed = 1;
const space = syntheticSpace(seededRandom(seed), {
  samples: 10_000,
  positions: Number(positions),
  maxExits: Number(exits),
  levels: 32,
});
const shareRight = (correct: Uint8Array) =>
  (correct.reduce((sum, bit) => sum + bit, 0) / space.samples).toFixed(3);
const plans = countPlans(space, thresholdGrid(space));
const settings = {
  useCase: { latency: latency === "p95" ? ("p95" as const) : ("mean" as const) },
  budget: Number.POSITIVE_INFINITY,
  seed,
};

const start = performance.now();
const result = await runSearch(space, exact, settings, silentJob);
const seconds = (performance.now() - start) / 1000;

console.log(
  `machine      ${os.cpus()[0].model}, load ${os.loadavg()[0].toFixed(1)}, node ${process.version}`,
);
console.log(`seed         ${seed}`);
console.log(
  `space        ${positions} positions, up to ${exits} exits, ${space.samples} samples, accuracy of the first ` +
    `head ${shareRight(space.candidates[0].correct)}, of the last ${shareRight(space.candidates.at(-1)!.correct)}, ` +
    `of the backbone ${shareRight(space.backboneCorrect)}, front of ${latency} latency`,
);
console.log(`plans        ${plans}`);
console.log(`evaluated    ${result.evaluations} (${((100 * result.evaluations) / plans).toFixed(1)} %)`);
console.log(`front        ${result.front.length} plans, hypervolume ${result.hypervolume.toFixed(5)}`);
console.log(`proven       ${result.proven}`);
console.log(
  `seconds      ${seconds.toFixed(2)} (${(plans / seconds / 1e6).toFixed(1)} million plans settled/s)`,
);
