/**
 * Do bounds of the drop hold, and are the probabilities that a wish is kept those with which it is? Calibration splits of
 * several sizes are drawn from the sample's calibration and test samples together, with replacement, so that the pool is what
 * the draws come from and plans have their true drop there. On each a front is searched, and plans are chosen and judged as the
 * product does.
 *
 *     npm run bench -- drop-bounds [--json] [--resplits 200] [--sizes 500,1000,2500,5000] [--exits 2] [--seed 1] [--project FILE]
 */
import os from "node:os";
import { parseArgs } from "node:util";
import { openProject, searchInputs, trainedProject } from "../electron/engine/index.ts";
import { silentJob } from "../shared/base/job.ts";
import { type Random, randomInteger, seededRandom } from "../shared/base/random.ts";
import { joinTables } from "../shared/cross-fit/join-tables.ts";
import { evaluatePlan } from "../shared/evaluate/evaluate-plan.ts";
import { chooseSafe } from "../shared/guarantee/choose-safe.ts";
import { type DropOutlook, dropOutlook } from "../shared/guarantee/drop-outlook.ts";
import { smallestDropBound } from "../shared/guarantee/drop-test.ts";
import { estimateSelectionBias } from "../shared/guarantee/estimate-selection-bias.ts";
import { planEvidence, riskLimits } from "../shared/guarantee/plan-evidence.ts";
import type { SelectionBias } from "../shared/guarantee/selection-bias.ts";
import type { UseCase } from "../shared/model/use-case.ts";
import type { FrontPoint } from "../shared/search/engine/front-point.ts";
import { recommend } from "../shared/search/engine/recommend.ts";
import { runSearch } from "../shared/search/engine/run-search.ts";
import { exact } from "../shared/search/exact/exact.ts";
import { paretoLocalSearch } from "../shared/search/local/pareto-local-search.ts";
import { buildSearchSpace } from "../shared/space/build-space.ts";
import type { SearchSpace } from "../shared/space/search-space.ts";
import { takeSamples } from "../shared/space/split-space.ts";
import type { ThresholdedExit } from "../shared/space/thresholded-exit.ts";

const { values: asked } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    resplits: { type: "string", default: "200" },
    sizes: { type: "string", default: "500,1000,2500,5000" },
    exits: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    project: { type: "string", default: "assets/samples/fashion-mnist/explored.offramp" },
  },
});
const resplits = Number(asked.resplits);
const maxExits = Number(asked.exits);
const seed = Number(asked.seed);
const sizes = asked.sizes.split(",").map(Number);
const wishesPp = [0.2, 0.5, 1];
const confidence = 0.95;
/** Plans that lose more are of no use to anybody. */
const maxShownDropPp = 5;
/** Up to here the exact search takes no time; past it the local one finds the same fronts. */
const maxExactExits = 2;
const localBudget = 200_000;

/** What was said of a plan, and what it is. */
interface Judged extends Required<DropOutlook> {
  readonly trueDropPp: number;
  readonly isKept: boolean;
  /** Of a plan that was fixed beforehand; what would be said without a thought to the choice. */
  readonly fixedBoundPp?: number;
  readonly speedup?: number;
}

/** All of one size and wish. */
interface Outcomes {
  readonly size: number;
  readonly wishPp: number;
  readonly plain: Judged[];
  readonly safe: Judged[];
  /** Every plan of the fronts. */
  readonly front: Judged[];
}

async function pooledSpace(): Promise<SearchSpace> {
  const project = trainedProject(await openProject(asked.project));
  const { tables, profiles } = project;
  const policy = "top1";
  const pooled = joinTables(tables.calibration.get(policy)!, tables.test.get(policy)!);
  const inputs = {
    ...searchInputs(project, "calibration", profiles[0]),
    tables: new Map([[policy, pooled]]),
  };
  return buildSearchSpace({ ...inputs, maxExits, levels: 32 });
}

async function frontOf(space: SearchSpace, useCase: UseCase): Promise<readonly FrontPoint[]> {
  const isExact = maxExits <= maxExactExits;
  const algorithm = isExact ? exact : paretoLocalSearch;
  const budget = isExact ? Number.POSITIVE_INFINITY : localBudget;
  return (await runSearch({ space, algorithm, useCase, budget, seed: 1 }, silentJob)).front;
}

function draw(pool: SearchSpace, size: number, random: Random): SearchSpace {
  return takeSamples(
    pool,
    Uint32Array.from({ length: size }, () => randomInteger(random, pool.samples)),
  );
}

/** What plans are chosen on and for, and where they have their true figures. */
interface Draw {
  readonly pool: SearchSpace;
  readonly drawn: SearchSpace;
  readonly bias: SelectionBias;
  readonly useCase: UseCase;
}

/** What the product says of a plan that was chosen on `drawn`, beside its figures on the pool. */
function judge({ pool, drawn, bias, useCase }: Draw, exits: readonly ThresholdedExit[]): Judged {
  const evidence = planEvidence(drawn, exits);
  const { lost, gained, samples } = planEvidence(pool, exits);
  const trueDropPp = (100 * (lost - gained)) / samples;
  const { upperBoundPp, keptProbability = 1 } = dropOutlook(
    evidence,
    bias,
    riskLimits(useCase),
    confidence,
    exits.length === 0,
  );
  return { upperBoundPp, keptProbability, trueDropPp, isKept: trueDropPp <= useCase.maxDropPp! };
}

function judgeChosen(on: Draw, exits: readonly ThresholdedExit[]): Judged {
  return {
    ...judge(on, exits),
    fixedBoundPp: 100 * smallestDropBound(planEvidence(on.drawn, exits), 1 - confidence),
    speedup: on.pool.backboneMs / evaluatePlan(on.pool, exits).latencyMs.mean,
  };
}

async function resplit(pool: SearchSpace, size: number, random: Random, outcomes: readonly Outcomes[]) {
  const drawn = draw(pool, size, random);
  const anyUseCase = { latency: "mean" as const, maxDropPp: 0.5 };
  const front = await frontOf(drawn, anyUseCase);
  const bias = await estimateSelectionBias(drawn, anyUseCase, 1, silentJob);
  if (!bias) return;
  for (const { wishPp, plain, safe, front: all } of outcomes) {
    const useCase = { latency: "mean" as const, maxDropPp: wishPp };
    const on = { pool, drawn, bias, useCase };
    const { point } = recommend(drawn, front, useCase);
    plain.push(judgeChosen(on, point.exits));
    for (const { exits } of front) {
      if (exits.length === 0) continue;
      const judged = judge(on, exits);
      if (judged.trueDropPp < maxShownDropPp) all.push(judged);
    }
    const choice = await chooseSafe({ space: drawn, useCase, bias, confidence }, front, silentJob);
    if (choice?.exits) safe.push(judgeChosen(on, choice.exits));
  }
}

function meanOf(plans: readonly Judged[], figure: (plan: Judged) => number): number {
  return plans.reduce((sum, plan) => sum + figure(plan), 0) / plans.length;
}

function summaryOf(plans: readonly Judged[]) {
  if (plans.length === 0) return { plans: 0 };
  return {
    plans: plans.length,
    coverage: meanOf(plans, ({ upperBoundPp, trueDropPp }) => Number(trueDropPp <= upperBoundPp)),
    fixedCoverage: meanOf(plans, ({ fixedBoundPp = 0, trueDropPp }) => Number(trueDropPp <= fixedBoundPp)),
    meanBoundPp: meanOf(plans, ({ upperBoundPp }) => upperBoundPp),
    meanTrueDropPp: meanOf(plans, ({ trueDropPp }) => trueDropPp),
    meanKeptProbability: meanOf(plans, ({ keptProbability }) => keptProbability),
    shareKept: meanOf(plans, ({ isKept }) => Number(isKept)),
    meanSpeedup: meanOf(plans, ({ speedup = 1 }) => speedup),
  };
}

/** Of all plans: how often those are kept of which it was said with about the same probability. */
function calibrationBins(plans: readonly Judged[]) {
  const edges = [0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1];
  return edges.slice(1).map((to, index) => {
    const within = plans.filter(
      ({ keptProbability: said }) => said >= edges[index] && (said < to || to === 1),
    );
    return {
      from: edges[index],
      to,
      plans: within.length,
      meanKeptProbability: meanOf(within, ({ keptProbability }) => keptProbability),
      shareKept: meanOf(within, ({ isKept }) => Number(isKept)),
    };
  });
}

const started = performance.now();
const pool = await pooledSpace();
const results: Outcomes[] = [];
for (const size of sizes) {
  const random = seededRandom(seed + size);
  const outcomes = wishesPp.map((wishPp) => ({
    size,
    wishPp,
    plain: [],
    safe: [],
    withoutSafe: 0,
    front: [],
  }));
  for (let count = 0; count < resplits; count++) await resplit(pool, size, random, outcomes);
  results.push(...outcomes);
}

const figures = results.map(({ size, wishPp, plain, safe, front }) => {
  const { coverage, plans } = summaryOf(front);
  return { size, wishPp, plain: summaryOf(plain), safe: summaryOf(safe), front: { plans, coverage } };
});
const bins = {
  front: calibrationBins(results.flatMap(({ front }) => front)),
  plain: calibrationBins(results.flatMap(({ plain }) => plain)),
};

if (asked.json) {
  const measured = { resplits, sizes, wishesPp, maxExits, confidence, seed, poolSamples: pool.samples };
  console.log(JSON.stringify({ dropBounds: { ...measured, figures, calibration: bins } }, null, 2));
} else {
  const percent = (value = Number.NaN) => `${(100 * value).toFixed(1)} %`.padStart(8);
  const points = (value = Number.NaN) => value.toFixed(2).padStart(6);
  console.log(
    `machine   ${os.cpus()[0].model}, load ${os.loadavg()[0].toFixed(1)}, node ${process.version}; ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  console.log(
    `resplits  ${resplits} a size, seed ${seed}, from ${pool.samples} samples, plans of up to ${maxExits} exits`,
  );
  console.log("plain: the plan for the wish; safe: the fastest one whose wish is kept with 95 %");
  console.log(
    "samples wish, pp  choice  plans   bound holds  as if fixed  bound, pp  drop, pp  kept said  kept     speed-up",
  );
  for (const { size, wishPp, ...choices } of figures)
    for (const name of ["plain", "safe"] as const) {
      const of = choices[name];
      if (of.plans === 0) continue;
      console.log(
        `${String(size).padEnd(8)}${String(wishPp).padEnd(10)}${name.padEnd(8)}${String(of.plans).padEnd(8)}${percent(of.coverage)}     ${percent(of.fixedCoverage)}    ${points(of.meanBoundPp)}     ${points(of.meanTrueDropPp)}   ${percent(of.meanKeptProbability)}   ${percent(of.shareKept)}  ${points(of.meanSpeedup)}`,
      );
    }
  for (const { size, front } of figures.filter(({ wishPp }) => wishPp === wishesPp[0]))
    console.log(
      `every plan of the fronts of ${size}: bound holds for ${percent(front.coverage).trim()} of ${front.plans}`,
    );
  for (const [name, rows] of Object.entries(bins)) {
    console.log(`${name}: said to be kept with, mean, kept by (plans)`);
    for (const { from, to, plans, meanKeptProbability, shareKept } of rows)
      if (plans > 0)
        console.log(
          `  ${percent(from)} to ${percent(to)}  ${percent(meanKeptProbability)}  ${percent(shareKept)}  (${plans})`,
        );
  }
}
