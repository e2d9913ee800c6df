import type { Job } from "../../../shared/base/job.ts";
import { withoutSpreadLimits } from "../../../shared/model/constraints.ts";
import { recommendAcrossSpaces } from "../../../shared/search/designs/recommend-across-spaces.ts";
import {
  type DesignSearch,
  type DesignSearchTask,
  startDesignSearch,
} from "../../../shared/search/designs/search-designs.ts";
import type { SearchResult } from "../../../shared/search/engine/run-search.ts";
import { limitTime } from "../base/limit-time.ts";

/** How long the nearest plan is looked for, ms: most fronts of three exits take less. */
const nearestMs = 5000;

/**
 * Searches for what is wanted, and for the nearest where nothing meets it: where the best plan alone was wanted, it is
 * on the front; where no plan meets the limits on how samples spread, on the front of all plans. Nobody who wanted
 * one plan waits for the proof of a front.
 */
export function startForGoal(task: DesignSearchTask): DesignSearch {
  const { spaces, useCase } = task;
  const ofFront = { ...task, goal: "front" as const };
  const [wanted, ...nearest] = [
    ...(task.goal === "best" ? [task] : []),
    ofFront,
    { ...ofFront, useCase: withoutSpreadLimits(useCase) },
  ];
  const attempts = [wanted, ...nearest.map((attempt) => ({ ...attempt, resume: undefined }))];
  const searches = [startDesignSearch(wanted)];
  const suffices = ({ front }: SearchResult, index: number) =>
    front.length > 0 &&
    (attempts[index].goal === "front" || recommendAcrossSpaces(spaces, front, useCase).feasible);
  const best = () =>
    searches.find((search, index) => suffices(search.result(), index)) ?? searches[searches.length - 1];
  let spentOnNearestMs = 0;

  /** Whether a search has ended, or had its time if it is for the nearest plan. */
  async function advanceOne(index: number, job: Job): Promise<boolean> {
    if (index === 0) return searches[0].advance(job);
    const started = performance.now();
    const ended = await searches[index].advance(limitTime(job, nearestMs - spentOnNearestMs));
    spentOnNearestMs += performance.now() - started;
    return ended || spentOnNearestMs > nearestMs;
  }

  return {
    async advance(job) {
      let ended = true;
      for (const [index, attempt] of attempts.entries()) {
        searches[index] ??= startDesignSearch(attempt);
        ended = (await advanceOne(index, job)) && ended;
        const result = searches[index].result();
        // A front that is proven leaves earlier attempts nothing to find.
        ended ||= result.proven;
        if (suffices(result, index)) break;
      }
      return ended;
    },
    result: () => best().result(),
    alone: () => best().alone(),
    state: () => searches[0].state(),
  };
}
