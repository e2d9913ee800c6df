/**
 * How long does a proven front take? Exact search over a synthetic space of the size that a CIFAR-sized network
 * gives: 18 candidates, up to 3 exits, 32 levels, 10 000 samples; 27 million plans.
 *
 *     npm run bench -- exact-search [POSITIONS] [EXITS] [mean|p50|p95] [front|best] [SECONDS]
 */
import os from "node:os";
import { silentJob } from "../shared/base/job.ts";
import { seededRandom } from "../shared/base/random.ts";
import { useCaseSchema } from "../shared/model/use-case.ts";
import { countPlans } from "../shared/search/engine/count-plans.ts";
import { recommend } from "../shared/search/engine/recommend.ts";
import { runSearch } from "../shared/search/engine/run-search.ts";
import { exact } from "../shared/search/exact/exact.ts";
import { syntheticSpace } from "../shared/space/testing/synthetic-space.ts";
import { thresholdGrid } from "../shared/space/threshold-grid.ts";

const [positions = "18", exits = "3", latency = "mean", goal = "front", limit = "600"] =
  process.argv.slice(2);
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
  useCase: useCaseSchema.parse({ latency }),
  goal: goal === "best" ? ("best" as const) : ("front" as const),
  budget: Number.POSITIVE_INFINITY,
  seed,
};

const start = performance.now();
const result = await runSearch(
  { space, algorithm: exact, ...settings },
  {
    ...silentJob,
    isTimeUp: () => performance.now() - start > 1000 * Number(limit),
  },
);
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
console.log(`proven       ${result.proven}, gap ${result.gap}`);
const { point } = recommend(space, result.front, settings.useCase);
console.log(
  `best         ${point.accuracy}, ${point.latencyMs} ms, ${point.exits.map((exit) => exit.candidate)}`,
);
console.log(
  `seconds      ${seconds.toFixed(2)} (${(plans / seconds / 1e6).toFixed(1)} million plans settled/s)`,
);
