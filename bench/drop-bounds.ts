/**
 * Do bounds of the drop hold, and are the probabilities that a wish is kept those with which it is? Calibration splits of
 * several sizes are drawn from the sample's calibration and test samples together, with replacement, so that the pool is what
 * the draws come from and plans have their true drop there. On each a front is searched, and plans are chosen and judged as the
 * product does: over all chains of the project's networks, of its backbone alone, or of two networks that are made up.
 *
 *     npm run bench -- drop-bounds [--json] [--resplits 200] [--sizes 500,1000,2500,5000] [--exits 2] [--seed 1]
 *         [--project FILE] [--backbone-alone] [--made-up]
 */
import os from "node:os";
import { parseArgs } from "node:util";
import { openProject, searchInputs, trainedProject } from "../electron/engine/index.ts";
import { searchSpaces } from "../electron/engine/search/search-inputs.ts";
import { silentJob } from "../shared/base/job.ts";
import { type Random, randomInteger, seededRandom } from "../shared/base/random.ts";
import { buildChains } from "../shared/chains/build-chains.ts";
import { bigAndLittle } from "../shared/chains/testing/made-up-networks.ts";
import { evaluatePlan } from "../shared/evaluate/evaluate-plan.ts";
import { chooseSafe } from "../shared/guarantee/choose-safe.ts";
import { type DropOutlook, dropOutlook } from "../shared/guarantee/drop-outlook.ts";
import { smallestDropBound } from "../shared/guarantee/drop-test.ts";
import { estimateSelectionBias } from "../shared/guarantee/estimate-selection-bias.ts";
import { type PlanEvidence, planEvidence, riskLimits } from "../shared/guarantee/plan-evidence.ts";
import type { SelectionBias } from "../shared/guarantee/selection-bias.ts";
import { isBackbone } from "../shared/model/plan.ts";
import { searchOptionsSchema } from "../shared/model/stage-options.ts";
import type { UseCase } from "../shared/model/use-case.ts";
import { recommendAcrossSpaces } from "../shared/search/designs/recommend-across-spaces.ts";
import { startDesignSearch } from "../shared/search/designs/search-designs.ts";
import type { FrontPoint, PlacedPlan } from "../shared/search/engine/front-point.ts";
import { exact } from "../shared/search/exact/exact.ts";
import { paretoLocalSearch } from "../shared/search/local/pareto-local-search.ts";
import { type DesignSpace, spaceOfPlan } from "../shared/space/design-space.ts";
import { takeFromAll } from "../shared/space/split-space.ts";

const { values: asked } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    resplits: { type: "string", default: "200" },
    sizes: { type: "string", default: "500,1000,2500,5000" },
    exits: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    project: { type: "string", default: "assets/samples/fashion-mnist/explored.offramp" },
    "backbone-alone": { type: "boolean", default: false },
    "made-up": { type: "boolean", default: false },
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
  /** Networks that it goes through. */
  readonly networks: number;
}

/** All of one size and wish. */
interface Outcomes {
  readonly size: number;
  readonly wishPp: number;
  readonly plain: Judged[];
  readonly safe: Judged[];
  /** Every plan of the fronts. */
  readonly front: Judged[];
  /** How long it took to find out what choosing flatters by, ms. */
  readonly estimates: number[];
}

/** Of made-up networks, as many as a small search takes. */
const madeUpPool = { samples: 40_000, positions: 9 };

async function pooledSpaces(): Promise<readonly DesignSpace[]> {
  const [alone, ...chains] = asked["made-up"] ? madeUpSpaces() : await projectSpaces();
  return asked["backbone-alone"] ? [alone] : [alone, ...chains];
}

function madeUpSpaces(): readonly DesignSpace[] {
  const shape = { ...madeUpPool, maxExits, levels: 32 };
  return buildChains(bigAndLittle(seededRandom(seed), shape), "cheaper-first");
}

async function projectSpaces(): Promise<readonly DesignSpace[]> {
  const project = trainedProject(await openProject(asked.project));
  const options = searchOptionsSchema.parse({
    maxExits,
    levels: 32,
    policies: ["top1"],
    useCase: {},
  });
  return searchSpaces(searchInputs(project, "both", project.profiles[0]), options);
}

async function frontOf(spaces: readonly DesignSpace[], useCase: UseCase): Promise<readonly FrontPoint[]> {
  const isExact = maxExits <= maxExactExits;
  const algorithm = isExact ? exact : paretoLocalSearch;
  const budget = isExact ? Number.POSITIVE_INFINITY : localBudget * spaces.length;
  const search = startDesignSearch({ spaces, algorithm, useCase, budget, seed: 1 });
  await search.advance(silentJob);
  return search.result().front;
}

function draw(pool: readonly DesignSpace[], size: number, random: Random): readonly DesignSpace[] {
  const { samples } = pool[0].space;
  return takeFromAll(
    pool,
    Uint32Array.from({ length: size }, () => randomInteger(random, samples)),
  );
}

/** What plans are chosen on and for, and where they have their true figures. */
interface Draw {
  readonly pool: readonly DesignSpace[];
  readonly drawn: readonly DesignSpace[];
  readonly bias: SelectionBias;
  readonly useCase: UseCase;
}

/** A plan on the samples that it was chosen on, and what it truly loses, for all wishes. */
interface Tried {
  readonly evidence: PlanEvidence;
  readonly trueDropPp: number;
}

const triedPlans = new WeakMap<PlacedPlan, Tried>();

function tried({ pool, drawn }: Draw, plan: PlacedPlan): Tried {
  const known = triedPlans.get(plan);
  if (known) return known;
  const { lost, gained, samples } = planEvidence(spaceOfPlan(pool, plan).space, plan.exits);
  const evidence = planEvidence(spaceOfPlan(drawn, plan).space, plan.exits);
  const result = { evidence, trueDropPp: (100 * (lost - gained)) / samples };
  triedPlans.set(plan, result);
  return result;
}

/** What the product says of a plan that was chosen on `drawn`, beside its figures on the pool. */
function judge(on: Draw, plan: PlacedPlan): Judged {
  const { bias, useCase } = on;
  const { evidence, trueDropPp } = tried(on, plan);
  const { upperBoundPp, keptProbability = 1 } = dropOutlook(
    evidence,
    bias,
    riskLimits(useCase),
    confidence,
    isBackbone(plan),
  );
  const isKept = trueDropPp <= useCase.maxDropPp!;
  return { upperBoundPp, keptProbability, trueDropPp, isKept, networks: plan.chain?.length ?? 1 };
}

function judgeChosen(on: Draw, plan: PlacedPlan): Judged {
  const { space } = spaceOfPlan(on.pool, plan);
  return {
    ...judge(on, plan),
    fixedBoundPp: 100 * smallestDropBound(tried(on, plan).evidence, 1 - confidence),
    speedup: on.pool[0].space.backboneMs / evaluatePlan(space, plan.exits).latencyMs.mean,
  };
}

async function resplit(
  pool: readonly DesignSpace[],
  size: number,
  random: Random,
  outcomes: readonly Outcomes[],
) {
  const drawn = draw(pool, size, random);
  const anyUseCase = { latency: "mean" as const, maxDropPp: 0.5 };
  const front = await frontOf(drawn, anyUseCase);
  const began = performance.now();
  const bias = await estimateSelectionBias(drawn, anyUseCase, 1, silentJob);
  const estimatingMs = performance.now() - began;
  if (!bias) return;
  for (const { wishPp, plain, safe, front: all, estimates } of outcomes) {
    estimates.push(estimatingMs);
    const useCase = { latency: "mean" as const, maxDropPp: wishPp };
    const on = { pool, drawn, bias, useCase };
    plain.push(judgeChosen(on, recommendAcrossSpaces(drawn, front, useCase).point));
    for (const plan of front) {
      if (isBackbone(plan)) continue;
      const judged = judge(on, plan);
      if (judged.trueDropPp < maxShownDropPp) all.push(judged);
    }
    const choice = await chooseSafe({ spaces: drawn, useCase, bias, confidence }, front, silentJob);
    if (choice?.plan) safe.push(judgeChosen(on, choice.plan));
  }
}

function meanOf<Item>(items: readonly Item[], figure: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + figure(item), 0) / items.length;
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
    shareOfChains: meanOf(plans, ({ networks }) => Number(networks > 1)),
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
const pool = await pooledSpaces();
const poolSamples = pool[0].space.samples;
const results: Outcomes[] = [];
for (const size of sizes) {
  const random = seededRandom(seed + size);
  const outcomes = wishesPp.map((wishPp) => ({
    size,
    wishPp,
    plain: [],
    safe: [],
    front: [],
    estimates: [],
  }));
  for (let count = 0; count < resplits; count++) await resplit(pool, size, random, outcomes);
  results.push(...outcomes);
}

const figures = results.map(({ size, wishPp, plain, safe, front, estimates }) => {
  const { coverage, plans, shareOfChains } = summaryOf(front);
  return {
    size,
    wishPp,
    plain: summaryOf(plain),
    safe: summaryOf(safe),
    front: { plans, coverage, shareOfChains },
    meanEstimateSeconds: meanOf(estimates, (ms) => ms / 1000),
  };
});
const bins = {
  front: calibrationBins(results.flatMap(({ front }) => front)),
  plain: calibrationBins(results.flatMap(({ plain }) => plain)),
};

if (asked.json) {
  const measured = {
    resplits,
    sizes,
    wishesPp,
    maxExits,
    confidence,
    seed,
    poolSamples,
    designs: pool.length,
  };
  console.log(JSON.stringify({ dropBounds: { ...measured, figures, calibration: bins } }, null, 2));
} else {
  const percent = (value = Number.NaN) => `${(100 * value).toFixed(1)} %`.padStart(8);
  const points = (value = Number.NaN) => value.toFixed(2).padStart(6);
  console.log(
    `machine   ${os.cpus()[0].model}, load ${os.loadavg()[0].toFixed(1)}, node ${process.version}; ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  console.log(
    `resplits  ${resplits} a size, seed ${seed}, from ${poolSamples} samples, plans of up to ${maxExits} exits in ${pool.length === 1 ? "one network" : `${pool.length} chains of networks`}`,
  );
  console.log("plain: the plan for the wish; safe: the fastest one whose wish is kept with 95 %");
  console.log(
    "samples wish, pp  choice  plans   bound holds  as if fixed  bound, pp  drop, pp  kept said  kept     speed-up  of several networks",
  );
  for (const { size, wishPp, ...choices } of figures)
    for (const name of ["plain", "safe"] as const) {
      const of = choices[name];
      if (of.plans === 0) continue;
      console.log(
        `${String(size).padEnd(8)}${String(wishPp).padEnd(10)}${name.padEnd(8)}${String(of.plans).padEnd(8)}${percent(of.coverage)}     ${percent(of.fixedCoverage)}    ${points(of.meanBoundPp)}     ${points(of.meanTrueDropPp)}   ${percent(of.meanKeptProbability)}   ${percent(of.shareKept)}  ${points(of.meanSpeedup)}    ${percent(of.shareOfChains)}`,
      );
    }
  for (const { size, front, meanEstimateSeconds } of figures.filter(({ wishPp }) => wishPp === wishesPp[0]))
    console.log(
      `every plan of the fronts of ${size}: bound holds for ${percent(front.coverage).trim()} of ${front.plans}, ${percent(front.shareOfChains).trim()} of several networks; estimated in ${meanEstimateSeconds.toFixed(2)} s`,
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
