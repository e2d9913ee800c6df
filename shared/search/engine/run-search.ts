import { AppError } from "../../base/errors.ts";
import type { Job } from "../../base/job.ts";
import { seededRandom } from "../../base/random.ts";
import { createKernelEvaluator } from "../../evaluate/kernel/kernel-evaluator.ts";
import { createSweepEvaluator } from "../../evaluate/reference/sweep-evaluator.ts";
import {
  planOfEntry,
  type SweepResult,
  sweepSize,
  sweptCandidates,
  sweptPlan,
} from "../../evaluate/sweep.ts";
import type { UseCase } from "../../model/use-case.ts";
import { hypervolume } from "../../pareto/hypervolume.ts";
import { expandWeights } from "../../space/expand-weights.ts";
import { countRight, referencePoint } from "../../space/reference-point.ts";
import { checkSpace, maxPlanBytes, planBytes, type SearchSpace } from "../../space/search-space.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";
import { createAdmission } from "./admission.ts";
import { countPlans, createSettledCount } from "./count-plans.ts";
import type { SearchShare, SearchTree } from "./deal-shares.ts";
import type { FrontPoint } from "./front-point.ts";
import { prefersPlan } from "./prefers-plan.ts";
import { type Frontier, type SearchAlgorithm, WORK_PER_SWEEP } from "./search-algorithm.ts";
import type { SearchObserver } from "./search-observer.ts";
import { createProgress } from "./search-progress.ts";
import type { FoundPlan, SearchNews, SearchState } from "./search-state.ts";
import { createSearchTarget, type SearchGoal } from "./search-target.ts";

export interface SearchSettings {
  readonly useCase: UseCase;
  /** The front unless said otherwise. */
  readonly goal?: SearchGoal;
  /** The most plans that may be evaluated; may be infinite for an exhaustive algorithm. */
  readonly budget: number;
  readonly seed: number;
  /** The algorithm's own options; defaults are filled in. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Plans from elsewhere that plans have to beat to be on the front, where these are not. */
  readonly rivals?: readonly Pick<FrontPoint, "right" | "latencyMs">[];
}

export interface SearchResult {
  readonly algorithm: string;
  /** Whether nothing can be missing: no plan of the space from the front, or none better than the best. */
  readonly proven: boolean;
  /**
   * What may still be missing at the most, 0 if proven, see `SearchTarget.gap`; absent if the algorithm bounds
   * nothing.
   */
  readonly gap?: number;
  /** Plans evaluated. */
  readonly evaluations: number;
  /** Share of the box between the space's reference point and the ideal, 0-1. */
  readonly hypervolume: number;
  /** By rising latency, hence rising accuracy. */
  readonly front: readonly FrontPoint[];
}

/** Samples visited and plans compared between two pauses: some ten milliseconds. */
const WORK_PER_PAUSE = 4_000_000;

/**
 * A search that can be stopped and gone on with: it keeps its place in memory, and a result can be had of it at
 * any time between.
 */
export interface SearchUnderWay {
  /**
   * Goes on until the algorithm has no more to ask, its next question exceeds the budget, or the job's time is up.
   * @returns whether the search has ended
   * @throws AppError 'cancelled'; the search can go on all the same
   */
  advance(job: Job): Promise<boolean>;
  result(): SearchResult;
  /** What another search of the same space needs to go on from here; nothing as long as it can't do better than begin. */
  state(): SearchState | undefined;
}

/** Starts a search, at once or where a search of the same space, algorithm and settings was left. */
export type StartSearch = (
  space: SearchSpace,
  algorithm: SearchAlgorithm,
  settings: SearchSettings,
  observer?: SearchObserver,
  from?: SearchState,
) => SearchUnderWay;

/** A search that several can share. */
export interface SharedSearch extends SearchUnderWay {
  /**
   * Says how it stands and lets the event loop turn.
   * @returns whether the job's time is up
   * @throws AppError 'cancelled'
   */
  rest(job: Job): Promise<boolean>;
  /**
   * Its parts for several to search, once they are known; with what each has to tell (`learn`) the search itself
   * goes on from there.
   */
  handOut(): SearchTree | undefined;
  /** From now on this is all that it searches; `advance` then ends when the share is done. */
  takeOn(share: SearchShare): void;
  /** What has happened since this was asked last, beginning with the first share. */
  takeNews(): SearchNews;
  /** Takes in what others have found and finished. */
  learn(news: SearchNews): void;
}

/**
 * Runs a search to its end or as long as the job's time lasts, see {@link startSearch}.
 * @throws AppError 'shape-mismatch' if the space contradicts itself, 'usage' for bad options, 'cancelled'
 */
export async function runSearch(
  space: SearchSpace,
  algorithm: SearchAlgorithm,
  settings: SearchSettings,
  job: Job,
  observer?: SearchObserver,
): Promise<SearchResult> {
  const search = startSearch(space, algorithm, settings, observer);
  await search.advance(job);
  return search.result();
}

/**
 * A search that evaluates what the algorithm asks for and keeps the front of all plans seen that keep to the use
 * case's limits on size and on how samples spread over the exits, the backbone alone among them if it keeps to the
 * latter; if only the best plan is wanted, of those that were the best when they were seen. Where no plan keeps to the
 * limits the front is empty. The same seed gives the same result, however often it is stopped.
 * @param from where a search of the same space, algorithm and settings was left; the front is then the same, if both
 * are proven
 * @throws AppError 'shape-mismatch' if the space contradicts itself, 'usage' for bad options
 */
export function startSearch(
  weighted: SearchSpace,
  algorithm: SearchAlgorithm,
  settings: SearchSettings,
  observer?: SearchObserver,
  from?: SearchState,
): SharedSearch {
  checkSpace(weighted);
  const space = expandWeights(weighted);
  checkBudget(settings.budget, algorithm);
  const { useCase, budget, goal = "front" } = settings;
  const maxBytes = maxPlanBytes(space, useCase);
  const admits = createAdmission(useCase, space.samples);
  const evaluator =
    createKernelEvaluator(space, useCase.latency) ?? createSweepEvaluator(space, useCase.latency);
  const { grid, codes } = evaluator;
  const target = createSearchTarget<readonly ThresholdedExit[] | undefined>(
    goal,
    space,
    useCase,
    evaluator.curve,
    prefersPlan,
  );
  const random = seededRandom(settings.seed);
  const frontier: Frontier = {};
  const progress = createProgress(from);
  const context = { space, grid, codes, useCase, goal, budget, random, target, frontier, progress, noteWork };
  let run = algorithm.create(context, settings.options ?? {});
  const hopelessMs = worstLatency(space);
  const planned = Math.min(budget, countPlans(space, grid));
  const countSettled = createSettledCount(space, grid);
  let evaluations = from?.evaluations ?? 1;
  let news: { found: FoundPlan[]; evaluationsTold: number; partsTold: number } | undefined;
  let work = 0;
  let ended = false;
  let exhausted = false;

  for (const { right, latencyMs } of settings.rivals ?? []) target.offer(right, latencyMs, undefined);
  const alone = { counts: Int32Array.of(space.samples), costs: Float64Array.of(space.backboneMs), groups: 1 };
  if (!admits || admits(alone)) target.offer(countRight(space.backboneCorrect), space.backboneMs, []);
  if (from) takeIn(from.found);

  function noteWork(samples: number): void {
    work += WORK_PER_SWEEP + samples;
  }

  async function advance(job: Job): Promise<boolean> {
    while (!ended) {
      if (work >= WORK_PER_PAUSE) {
        work = 0;
        if (await rest(job)) return false;
      }
      step();
    }
    job.report(planned, planned);
    return true;
  }

  async function rest(job: Job): Promise<boolean> {
    const done = Math.max(evaluations, countSettled(progress.record()));
    job.report(Math.min(done, planned), planned);
    observer?.paused({ evaluations, front: currentFront, gap: currentGap });
    await job.pause();
    return job.isTimeUp?.() === true;
  }

  /** Answers the algorithm's next question, if it has one and the budget allows. */
  function step(): void {
    const sweep = run.ask();
    if (sweep === "pause") return;
    exhausted = sweep === undefined;
    ended = !sweep || evaluations + sweepSize(sweep, grid) > budget;
    if (!sweep || ended) return;
    const result = evaluator.evaluate(sweep);
    observer?.evaluated(result);
    if (planBytes(space, sweptCandidates(sweep)) <= maxBytes) offerAll(result);
    run.tell(result);
    evaluations += result.rows * result.columns;
    noteWork(space.samples + result.rows * result.columns);
  }

  function offerAll(result: SweepResult): void {
    const { sweep, entries, right, latencyMs } = result;
    for (let entry = 0; entry < entries; entry++) {
      if (admits && !admits(evaluator.spread(result, entry))) {
        // The algorithm hears that nothing is worse, so that it looks elsewhere.
        right[entry] = 0;
        latencyMs[entry] = hopelessMs;
        continue;
      }
      if (target.dominates(right[entry], latencyMs[entry])) continue;
      const plan = sweptPlan(sweep, planOfEntry(result, entry), grid);
      target.offer(right[entry], latencyMs[entry], plan);
      news?.found.push({ right: right[entry], latencyMs: latencyMs[entry], plan });
    }
  }

  function takeIn(found: readonly FoundPlan[]): void {
    for (const { right, latencyMs, plan } of found) target.offer(right, latencyMs, plan);
  }

  function currentFront(): FrontPoint[] {
    return target
      .front()
      .flatMap(({ right, latencyMs, plan }) =>
        plan ? [{ exits: plan, right, accuracy: right / space.samples, latencyMs }] : [],
      );
  }

  function isProven(): boolean {
    return exhausted && algorithm.exhaustive;
  }

  function currentGap(): number | undefined {
    return isProven() ? 0 : frontier.lines && target.gap(frontier.lines());
  }

  function result(): SearchResult {
    const front = currentFront();
    return {
      algorithm: algorithm.id,
      proven: isProven(),
      gap: currentGap(),
      evaluations,
      hypervolume: hypervolume(front, referencePoint(space)),
      front,
    };
  }

  function state(): SearchState | undefined {
    return progress.exits > 0 ? { ...progress.record(), evaluations, found: found() } : undefined;
  }

  /** Without the rivals, which no search finds. */
  function found(): FoundPlan[] {
    return target.front().flatMap(({ plan, ...figures }) => (plan ? [{ ...figures, plan }] : []));
  }

  function handOut(): SearchTree | undefined {
    const { parts } = frontier;
    if (!parts) return undefined;
    // Where it stands itself won't be where the others have come to.
    run = algorithm.create(context, settings.options ?? {});
    return { parts, progress, maxExits: space.maxExits };
  }

  function takeOn(share: SearchShare): void {
    progress.finishAll(share.exits - 1);
    news ??= { found: [], evaluationsTold: evaluations, partsTold: 0 };
    news.partsTold = 0;
    run = algorithm.create({ ...context, share }, settings.options ?? {});
    ended = false;
  }

  function takeNews(): SearchNews {
    if (!news) return { found: [], finished: [], evaluations: 0 };
    const { found, evaluationsTold, partsTold } = news;
    const { done } = progress.record();
    news = { found: [], evaluationsTold: evaluations, partsTold: done.length };
    return { found, finished: done.slice(partsTold), evaluations: evaluations - evaluationsTold };
  }

  function learn({ found, finished, evaluations: theirs }: SearchNews): void {
    takeIn(found);
    for (const first of finished) progress.finish(first);
    evaluations += theirs;
  }

  return { advance, result, rest, state, handOut, takeOn, takeNews, learn };
}

/** More than any plan takes, ms. */
function worstLatency({ candidates, backboneMs }: SearchSpace): number {
  const longest = Math.max(backboneMs, ...candidates.map(({ prefixMs }) => prefixMs));
  return candidates.reduce((sum, { headMs }) => sum + headMs, longest);
}

function checkBudget(budget: number, algorithm: SearchAlgorithm): void {
  const isEnough = budget >= 1 && (Number.isFinite(budget) || algorithm.exhaustive);
  if (isEnough) return;
  const expected = algorithm.exhaustive ? "at least 1" : "a finite number of at least 1";
  throw new AppError("usage", `budget of search '${algorithm.id}' is ${budget}, expected ${expected}`);
}
