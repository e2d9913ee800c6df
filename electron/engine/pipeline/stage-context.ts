import type { Job } from "../../../shared/job.ts";
import type { StageCache } from "../cache.ts";

/** The stages in the order that they run; each reports its own progress. */
export const stageNames = [
  "import",
  "load",
  "train",
  "profile",
  "calibrate",
  "search",
  "export",
  "verify",
] as const;
export type StageName = (typeof stageNames)[number];

/** What every stage gets beside its inputs. */
export interface StageContext {
  readonly cache: StageCache;
  readonly job: Job;
}

/** A part of a job: its progress fills the range [from, to] (0-1) of the whole. */
export function partOfJob(job: Job, from: number, to: number): Job {
  return {
    pause: () => job.pause(),
    report: (done, total, note) => job.report(from + (to - from) * (total > 0 ? done / total : 1), 1, note),
  };
}
