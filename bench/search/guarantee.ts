import { openProject, searchInputs, trainedProject } from "../../electron/engine/index.ts";
import { silentJob } from "../../shared/base/job.ts";
import { seededRandom, shuffle } from "../../shared/base/random.ts";
import { joinTables } from "../../shared/cross-fit/join-tables.ts";
import { evaluatePlan } from "../../shared/evaluate/evaluate-plan.ts";
import { chooseControlled } from "../../shared/guarantee/choose-controlled.ts";
import { planEvidence } from "../../shared/guarantee/plan-evidence.ts";
import { testOrder } from "../../shared/guarantee/test-order.ts";
import type { PlacedPlan } from "../../shared/search/engine/front-point.ts";
import { recommend } from "../../shared/search/engine/recommend.ts";
import { runSearch } from "../../shared/search/engine/run-search.ts";
import { exact } from "../../shared/search/exact/exact.ts";
import { buildSearchSpace } from "../../shared/space/build-space.ts";
import type { SearchSpace } from "../../shared/space/search-space.ts";
import { splitSpaces, takeSamples } from "../../shared/space/split-space.ts";
import type { ThresholdedExit } from "../../shared/space/thresholded-exit.ts";
import type { BenchOptions, BenchReport } from "./bench-part.ts";
import { hoeffdingBentkus } from "./hoeffding-bentkus.ts";

const sample = "assets/samples/fashion-mnist/explored.offramp";
const resplits = 200;
/** Of the pool; the others stand for what a deployment meets. */
const calibrationSamples = 10_000;
const useCase = { latency: "mean" as const, maxDropPp: 1, confidence: 0.95 };

/** What a way to choose came to over all resplits. */
interface Tally {
  /** Plans whose drop on the whole pool, and on the samples held out, is above the bound. */
  broken: number;
  brokenHeldOut: number;
  backboneAlone: number;
  speedup: number;
  dropPp: number;
}

/**
 * How often a plan chosen on a calibration split breaks the bound on the drop that it was chosen for: calibration splits
 * drawn afresh from the sample's calibration and test samples, plans of up to two exits found by exact search. With a
 * guarantee, without, and with the guarantee's test replaced by Hoeffding's and Bentkus's.
 */
export async function benchGuarantee({ seed }: BenchOptions): Promise<BenchReport> {
  const pool = await sampleSpace();
  const tallies = { plain: newTally(), controlled: newTally(), hoeffdingBentkus: newTally() };
  const random = seededRandom(seed);
  for (let resplit = 0; resplit < resplits; resplit++) {
    const order = shuffle(
      Uint32Array.from({ length: pool.samples }, (_, index) => index),
      random,
    );
    const calibration = takeSamples(pool, order.subarray(0, calibrationSamples));
    const heldOut = takeSamples(pool, order.subarray(calibrationSamples));
    const spaces = [{ space: calibration }];
    const plain = recommend(calibration, await frontOf(calibration), useCase);
    const split = splitSpaces(spaces, seededRandom(resplit));
    const [[design], [control]] = [split.design, split.control];
    const front = await frontOf(design.space);
    const { chosen } = await chooseControlled(spaces, split, front, useCase, plain, silentJob);
    const tests = await testOrder(split.design, front, useCase, control.space.samples, silentJob);
    note(tallies.plain, pool, heldOut, plain.point.exits);
    note(tallies.controlled, pool, heldOut, chosen?.point.exits ?? []);
    note(tallies.hoeffdingBentkus, pool, heldOut, lastPassing(control.space, tests));
  }
  const guarantee = {
    resplits,
    delta: 1 - useCase.confidence,
    boundPp: useCase.maxDropPp,
    ...Object.fromEntries(Object.entries(tallies).map(([name, tally]) => [name, rates(tally)])),
  };
  return { figures: { guarantee }, lines: Object.entries(tallies).map(([name, tally]) => line(name, tally)) };
}

/** All samples that the sample project has tables for, with the threshold grid and exits of the bench. */
async function sampleSpace(): Promise<SearchSpace> {
  const project = trainedProject(await openProject(sample));
  const { tables, profiles } = project;
  const policy = "top1";
  const pooled = joinTables(tables.calibration.get(policy)!, tables.test.get(policy)!);
  const own = searchInputs(project, "calibration", profiles[0]);
  const inputs = { ...own, tables: new Map([[policy, pooled]]) };
  return buildSearchSpace({ ...inputs, maxExits: 2, levels: 32 });
}

async function frontOf(space: SearchSpace) {
  return (
    await runSearch(
      { space, algorithm: exact, useCase, budget: Number.POSITIVE_INFINITY, seed: 1 },
      silentJob,
    )
  ).front;
}

/** The same sequence, tested by Hoeffding and Bentkus. */
function lastPassing(control: SearchSpace, order: readonly PlacedPlan[]): readonly ThresholdedExit[] {
  const bound = useCase.maxDropPp / 100;
  const fails = ({ exits }: PlacedPlan) =>
    exits.length > 0 && hoeffdingBentkus(planEvidence(control, exits), bound) > 1 - useCase.confidence;
  const first = order.findIndex(fails);
  return order.at(first < 0 ? -1 : first - 1)!.exits;
}

function newTally(): Tally {
  return { broken: 0, brokenHeldOut: 0, backboneAlone: 0, speedup: 0, dropPp: 0 };
}

function note(
  tally: Tally,
  pool: SearchSpace,
  heldOut: SearchSpace,
  exits: readonly ThresholdedExit[],
): void {
  const dropPp = (space: SearchSpace) => {
    const { lost, gained, samples } = planEvidence(space, exits);
    return (100 * (lost - gained)) / samples;
  };
  if (dropPp(pool) > useCase.maxDropPp) tally.broken++;
  if (dropPp(heldOut) > useCase.maxDropPp) tally.brokenHeldOut++;
  if (exits.length === 0) tally.backboneAlone++;
  tally.speedup += pool.backboneMs / evaluatePlan(pool, exits).latencyMs.mean;
  tally.dropPp += dropPp(pool);
}

function rates({ broken, brokenHeldOut, backboneAlone, speedup, dropPp }: Tally) {
  return {
    violationRate: broken / resplits,
    heldOutViolationRate: brokenHeldOut / resplits,
    backboneAlone,
    meanSpeedup: speedup / resplits,
    meanDropPp: dropPp / resplits,
  };
}

function line(name: string, tally: Tally): string {
  const { violationRate, heldOutViolationRate, backboneAlone, meanSpeedup, meanDropPp } = rates(tally);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return (
    `${name.padEnd(17)} bound of ${useCase.maxDropPp} pp broken in ${percent(violationRate)} of ${resplits} resplits ` +
    `(${percent(heldOutViolationRate)} on the samples held out), mean drop ${meanDropPp.toFixed(2)} pp, ` +
    `${meanSpeedup.toFixed(2)}x as fast on average, the backbone alone ${backboneAlone} times`
  );
}
