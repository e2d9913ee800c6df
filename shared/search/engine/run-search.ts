import type { Job } from "../../base/job.ts";
import { seededRandom } from "../../base/random.ts";
import { createKernelEvaluator } from "../../evaluate/kernel/kernel-evaluator.ts";
import { sweptMeasure } from "../../evaluate/latency-measure.ts";
import { createSweepEvaluator, type SweepEvaluator } from "../../evaluate/reference/sweep-evaluator.ts";
import { sweepSize } from "../../evaluate/sweep.ts";
import { hypervolume } from "../../pareto/hypervolume.ts";
import { onAxis } from "../../space/energy-axis.ts";
import { expandWeights } from "../../space/expand-weights.ts";
import { referencePoint } from "../../space/reference-point.ts";
import { checkSpace, type SearchSpace } from "../../space/search-space.ts";
import { createAdmission } from "./admission.ts";
import { countPlans, createSettledCount } from "./count-plans.ts";
import type { SearchShare, SearchTree } from "./deal-shares.ts";
import type { FrontPoint } from "./front-point.ts";
import { createPlanIntake, type PlanIntake, type PlanOrRival } from "./plan-intake.ts";
import { prefersPlan } from "./prefers-plan.ts";
import { type Frontier, type SearchContext, type SearchRun, WORK_PER_SWEEP } from "./search-algorithm.ts";
import { createProgress, type ProgressRecord } from "./search-progress.ts";
import type { SearchState, SearchUpdate } from "./search-state.ts";
import { createSearchTarget, type SearchTarget } from "./search-target.ts";
import { checkBudget, type SearchTask } from "./search-task.ts";

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

/**
 * A search that can be stopped and resumed: it keeps its place in memory, and a result can be had of it at
 * any time between.
 */
export interface SearchUnderWay {
  /**
   * Goes on until the algorithm has no more to ask, its next question exceeds the budget, or the job's time is up.
   * @returns whether the search has ended
   * @throws AppError 'cancelled'; the search can still continue
   */
  advance(job: Job): Promise<boolean>;
  result(): SearchResult;
  /** What another search of the same task needs to continue from here; nothing as long as it can't do better than begin. */
  state(): SearchState | undefined;
}

/**
 * Starts a search.
 * @throws AppError 'shape-mismatch' if the space contradicts itself, 'usage' for bad options
 */
export type StartSearch = (task: SearchTask) => SearchUnderWay;

/** A search that several workers can share. */
export interface SharedSearch extends SearchUnderWay {
  /**
   * Says how it stands and lets the event loop turn.
   * @returns whether the job's time is up
   * @throws AppError 'cancelled'
   */
  pause(job: Job): Promise<boolean>;
  /**
   * Its parts for several to search, once they are known; with the updates of each (`merge`) the search itself
   * continues from there.
   */
  split(): SearchTree | undefined;
  /** From now on this is all that it searches; `advance` then ends when the share is done. */
  assign(share: SearchShare): void;
  /** What has happened since this was asked last, beginning with the first share. */
  takeUpdate(): SearchUpdate;
  /** Takes in what others have found and finished. */
  merge(update: SearchUpdate): void;
}

/**
 * Runs a search to its end or as long as the job's time lasts, see {@link startSearch}.
 * @throws AppError 'shape-mismatch' if the space contradicts itself, 'usage' for bad options, 'cancelled'
 */
export async function runSearch(task: SearchTask, job: Job): Promise<SearchResult> {
  const search = startSearch(task);
  await search.advance(job);
  return search.result();
}

/**
 * A search that evaluates what the algorithm asks for and keeps the front of all plans seen that meet the use
 * case's limits on size and on how samples spread over the exits, the backbone alone among them if it meets the
 * latter; if only the best plan is wanted, of those that were the best when they were seen. Where no plan meets the
 * limits the front is empty. The same seed gives the same result, however often it is stopped.
 * @throws AppError 'shape-mismatch' if the space contradicts itself, 'usage' for bad options
 */
export function startSearch(task: SearchTask): SharedSearch {
  checkSpace(task.space);
  checkBudget(task);
  return new Search(task, expandWeights(task.space));
}

/** Samples visited and plans compared between two pauses: some ten milliseconds. */
const WORK_PER_PAUSE = 4_000_000;

class Search implements SharedSearch {
  private readonly evaluator: SweepEvaluator;
  private readonly target: SearchTarget<PlanOrRival>;
  private readonly intake: PlanIntake;
  private readonly context: SearchContext;
  private readonly frontier: Frontier = {};
  /** Plans that there are to evaluate. */
  private readonly planned: number;
  private readonly countSettled: (progress: ProgressRecord) => number;
  private run: SearchRun;
  private evaluations: number;
  private work = 0;
  /** Without weights, on the front's axis. */
  private readonly space: SearchSpace;
  private hasEnded = false;
  private isExhausted = false;
  /** What others have been told of. */
  private told?: { readonly evaluations: number; readonly parts: number };

  /** @param own without weights, with its own latencies and energies */
  constructor(
    private readonly task: SearchTask,
    own: SearchSpace,
  ) {
    const { useCase, goal = "front", budget, resume } = task;
    const space = onAxis(own, useCase);
    const measure = sweptMeasure(useCase);
    const admission = createAdmission(useCase, own);
    this.space = space;
    this.evaluator = createKernelEvaluator(space, measure) ?? createSweepEvaluator(space, measure);
    const { grid, codes, curve } = this.evaluator;
    this.target = createSearchTarget<PlanOrRival>(goal, space, useCase, curve, prefersPlan);
    this.context = {
      space,
      grid,
      codes,
      useCase,
      admission,
      goal,
      budget,
      random: seededRandom(task.seed),
      target: this.target,
      frontier: this.frontier,
      progress: createProgress(resume),
      noteWork: (samples) => {
        this.work += WORK_PER_SWEEP + samples;
      },
    };
    this.run = this.begin();
    this.planned = Math.min(budget, countPlans(space, grid));
    this.countSettled = createSettledCount(space, grid);
    this.intake = createPlanIntake(space, task, this.evaluator, this.target, admission);
    this.evaluations = resume?.evaluations ?? 1;
    if (resume) this.intake.add(resume.found);
  }

  private begin(share?: SearchShare): SearchRun {
    return this.task.algorithm.create({ ...this.context, share }, this.task.options ?? {});
  }

  async advance(job: Job): Promise<boolean> {
    while (!this.hasEnded) {
      if (this.work >= WORK_PER_PAUSE) {
        this.work = 0;
        if (await this.pause(job)) return false;
      }
      this.step();
    }
    job.report(this.planned, this.planned);
    return true;
  }

  async pause(job: Job): Promise<boolean> {
    const done = Math.max(this.evaluations, this.countSettled(this.context.progress.record()));
    job.report(Math.min(done, this.planned), this.planned);
    this.task.observer?.paused({
      evaluations: this.evaluations,
      front: () => this.intake.front(),
      gap: () => this.gap(),
    });
    await job.pause();
    return job.isTimeUp?.() === true;
  }

  /** Answers the algorithm's next question, if it has one and the budget allows. */
  private step(): void {
    const sweep = this.run.ask();
    if (sweep === "pause") return;
    this.isExhausted = sweep === undefined;
    this.hasEnded = !sweep || this.evaluations + sweepSize(sweep, this.evaluator.grid) > this.task.budget;
    if (!sweep || this.hasEnded) return;
    const result = this.evaluator.evaluate(sweep);
    this.task.observer?.evaluated(result);
    this.intake.offer(result);
    this.run.tell(result);
    const plans = result.rows * result.columns;
    this.evaluations += plans;
    this.context.noteWork(this.space.samples + plans);
  }

  private isProven(): boolean {
    return this.isExhausted && this.task.algorithm.exhaustive;
  }

  private gap(): number | undefined {
    const { lines } = this.frontier;
    return this.isProven() ? 0 : lines && this.target.gap(lines());
  }

  result(): SearchResult {
    const front = this.intake.front();
    return {
      algorithm: this.task.algorithm.id,
      proven: this.isProven(),
      gap: this.gap(),
      evaluations: this.evaluations,
      hypervolume: hypervolume(front, referencePoint(this.space)),
      front,
    };
  }

  state(): SearchState | undefined {
    const { progress } = this.context;
    if (progress.exits === 0) return undefined;
    return { ...progress.record(), evaluations: this.evaluations, found: this.intake.found() };
  }

  split(): SearchTree | undefined {
    const { parts } = this.frontier;
    if (!parts) return undefined;
    // Where it stands itself won't be where the others have come to.
    this.run = this.begin();
    return { parts, progress: this.context.progress, maxExits: this.space.maxExits };
  }

  assign(share: SearchShare): void {
    this.context.progress.finishAll(share.exits - 1);
    if (!this.told) this.intake.takeNew();
    this.told = { evaluations: this.told?.evaluations ?? this.evaluations, parts: 0 };
    this.run = this.begin(share);
    this.hasEnded = false;
  }

  takeUpdate(): SearchUpdate {
    if (!this.told) return { found: [], finished: [], evaluations: 0 };
    const { evaluations, parts } = this.told;
    const { done } = this.context.progress.record();
    this.told = { evaluations: this.evaluations, parts: done.length };
    return {
      found: this.intake.takeNew(),
      finished: done.slice(parts),
      evaluations: this.evaluations - evaluations,
    };
  }

  merge({ found, finished, evaluations }: SearchUpdate): void {
    this.intake.add(found);
    for (const part of finished) this.context.progress.finish(part);
    this.evaluations += evaluations;
  }
}
