import type { Job } from "../../../shared/base/job.ts";
import type { StageCache } from "../base/cache.ts";
import type { JobRunner, WorkContext } from "../jobs/job-kind.ts";

/** The stages in the order that a run makes them; each reports its own progress. */
export const stageNames = [
  "import",
  "load",
  "check",
  "pace",
  "train",
  "calibrate",
  "profile",
  "quantise",
  "references",
  "search",
  "write",
  "tune",
  "take",
  "int8",
  "export",
  "verify",
  "compare",
  "robustness",
] as const;
export type StageName = (typeof stageNames)[number];

/** What every stage gets besides its inputs. */
export interface StageContext extends WorkContext {
  /** Who does work that can be divided; all is done here if absent. */
  readonly runner?: JobRunner;
}

/** Runs stages, each with a job of its own, and keeps the time that they take. */
export interface StageRunner {
  /** Per stage, of those that are finished. */
  readonly seconds: Readonly<Record<string, number>>;
  /** @param network whose stage it is, where that isn't the backbone */
  run<Result>(
    name: StageName,
    stage: (context: StageContext) => Promise<Result>,
    network?: string,
  ): Promise<Result>;
}

/**
 * @param jobs gives each stage its own job
 * @param runner who does work that can be divided; all is done here if absent
 */
export function createStageRunner(
  cache: StageCache,
  jobs: (stage: StageName, network?: string) => Job,
  runner?: JobRunner,
): StageRunner {
  const seconds: Record<string, number> = {};
  return {
    seconds,
    async run(name, stage, network) {
      const started = performance.now();
      const job = jobs(name, network);
      const result = await stage({ cache, job, runner });
      job.report(1, 1);
      seconds[name] = (seconds[name] ?? 0) + (performance.now() - started) / 1000;
      return result;
    },
  };
}
