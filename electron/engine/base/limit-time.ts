import type { Job } from "../../../shared/base/job.ts";

/** The same job with less time: from now on it is also up after so many ms. */
export function limitTime(job: Job, ms: number): Job {
  const started = performance.now();
  return { ...job, isTimeUp: () => job.isTimeUp?.() === true || performance.now() - started > ms };
}
