import type { UseCase } from "../domain/use-case.ts";
import { AppError } from "../errors.ts";
import type { ThresholdedExit } from "../evaluate/evaluate-plan.ts";
import { type SweepResult, sweepSize, sweptCandidates, sweptPlan } from "../evaluate/sweep.ts";
import { createKernelEvaluator } from "../evaluate/kernel-evaluator.ts";
import { createSweepEvaluator } from "../evaluate/sweep-evaluator.ts";
import type { Job } from "../job.ts";
import { createFrontArchive } from "../pareto/front-archive.ts";
import { hypervolume } from "../pareto/hypervolume.ts";
import type { PlanPoint } from "../pareto/pareto-front.ts";
import { seededRandom } from "../random.ts";
import { countRight, referencePoint } from "./reference-point.ts";
import type { SearchAlgorithm } from "./search-algorithm.ts";
import { checkSpace, countPlans, planBytes, type SearchSpace } from "./search-space.ts";

export interface SearchSettings {
  readonly useCase: UseCase;
  /** The most plans that may be evaluated; may be infinite for an exhaustive algorithm. */
  readonly budget: number;
  readonly seed: number;
  /** The algorithm's own options; defaults are filled in. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A plan on the front; its latency is the one that the use case speaks of. */
export interface FrontPoint extends PlanPoint {
  /** In the order that a sample meets them; none for the backbone alone. */
  readonly exits: readonly ThresholdedExit[];
}

export interface SearchResult {
  readonly algorithm: string;
  /** Whether no plan of the space can be missing from the front. */
  readonly proven: boolean;
  /** Plans evaluated. */
  readonly evaluations: number;
  /** Share of the box between the space's reference point and the ideal, 0-1. */
  readonly hypervolume: number;
  /** By rising latency, hence rising accuracy. */
  readonly front: readonly FrontPoint[];
}

/** Samples visited and plans compared between two pauses: some ten milliseconds. */
const WORK_PER_PAUSE = 4_000_000;

/** What a sweep takes before it visits the first sample, in the same unit. */
const WORK_PER_SWEEP = 1000;

/**
 * Runs a search: evaluates what the algorithm asks for and keeps the front of all plans seen that fit the use
 * case's `maxBytes`, the backbone alone among them. Ends when the algorithm has no more to ask or its next
 * question exceeds the budget. The same seed gives the same result.
 * @throws AppError 'shape-mismatch' if the space contradicts itself, 'usage' for bad options, 'cancelled'
 */
export async function runSearch(
  space: SearchSpace,
  algorithm: SearchAlgorithm,
  settings: SearchSettings,
  job: Job,
): Promise<SearchResult> {
  checkSpace(space);
  checkBudget(settings.budget, algorithm);
  const { useCase, budget } = settings;
  const maxBytes = useCase.maxBytes ?? Number.POSITIVE_INFINITY;
  const evaluator =
    createKernelEvaluator(space, useCase.latency) ?? createSweepEvaluator(space, useCase.latency);
  const { grid } = evaluator;
  const archive = createFrontArchive<readonly ThresholdedExit[]>(space.samples, evaluator.curve);
  const random = seededRandom(settings.seed);
  const context = { space, grid, useCase, budget, random, archive };
  const run = algorithm.create(context, settings.options ?? {});
  const planned = Math.min(budget, countPlans(space, grid));
  let evaluations = 1;
  let work = 0;
  let exhausted = false;

  archive.offer(countRight(space.backboneCorrect), space.backboneMs, []);
  while (true) {
    const sweep = run.ask();
    exhausted = sweep === undefined;
    if (!sweep || evaluations + sweepSize(sweep, grid) > budget) break;
    const result = evaluator.evaluate(sweep);
    if (planBytes(space, sweptCandidates(sweep)) <= maxBytes) offerAll(result);
    run.tell(result);
    evaluations += result.rows * result.columns;
    work += WORK_PER_SWEEP + space.samples + result.rows * result.columns;
    if (work < WORK_PER_PAUSE) continue;
    work = 0;
    job.report(Math.min(evaluations, planned), planned);
    await job.pause();
  }
  job.report(planned, planned);

  function offerAll({ sweep, entries, plans, right, latencyMs }: SweepResult): void {
    for (let entry = 0; entry < entries; entry++) {
      if (archive.dominates(right[entry], latencyMs[entry])) continue;
      archive.offer(right[entry], latencyMs[entry], sweptPlan(sweep, plans ? plans[entry] : entry, grid));
    }
  }

  const front = archive.front().map(({ right, latencyMs, plan }) => ({
    exits: plan,
    accuracy: right / space.samples,
    latencyMs,
  }));
  return {
    algorithm: algorithm.id,
    proven: exhausted && algorithm.exhaustive,
    evaluations,
    hypervolume: hypervolume(front, referencePoint(space)),
    front,
  };
}

function checkBudget(budget: number, algorithm: SearchAlgorithm): void {
  const isEnough = budget >= 1 && (Number.isFinite(budget) || algorithm.exhaustive);
  if (isEnough) return;
  const expected = algorithm.exhaustive ? "at least 1" : "a finite number of at least 1";
  throw new AppError("usage", `budget of search '${algorithm.id}' is ${budget}, expected ${expected}`);
}
