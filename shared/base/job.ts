import { AppError } from "./errors.ts";

/**
 * What a long computation needs from whoever runs it: a place to report progress, and a way to let the
 * event loop turn and learn that it has been cancelled. Pure code gets it passed in, so it needs no timers.
 */
export interface Job {
  /** Reports that `done` of `total` units are finished; cheap enough to call per batch. */
  report(done: number, total: number, note?: string): void;
  /** Reports something that the person should know while work continues; absent if nobody listens. */
  warn?(text: string): void;
  /**
   * Lets the event loop turn if it hasn't lately. Call it at least every 100 ms of work.
   * @throws AppError 'cancelled' once the job has been cancelled
   */
  pause(): Promise<void>;
  /**
   * Whether the caller's time for this is up; absent if there is no limit. Work that can end early with
   * partial results asks after each pause.
   */
  isTimeUp?(): boolean;
}

/** A job that nobody watches and nobody cancels. */
export const silentJob: Job = { report: () => {}, pause: () => Promise.resolve() };

/** A part of a job: its progress fills the range [from, to] (0-1) of the whole. */
export function partOfJob(job: Job, from: number, to: number): Job {
  return {
    ...job,
    report: (done, total, note) => job.report(from + (to - from) * (total > 0 ? done / total : 1), 1, note),
  };
}

export function cancelledError(): AppError {
  return new AppError(
    "cancelled",
    "stopped; what was finished is kept and the next run continues from there",
  );
}
