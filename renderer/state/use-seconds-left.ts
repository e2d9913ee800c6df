import { useEffect, useState } from "react";
import { formatSeconds } from "../../shared/base/format-number.ts";
import { type RunningJob, secondsLeft } from "./job-store.ts";

/** Time left of the running stage, in words ("12 s left"); looked at again twice a second. */
export function useSecondsLeft(job: RunningJob | undefined): string | undefined {
  const [, tick] = useState(0);
  const isRunning = job !== undefined;
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => tick((count) => count + 1), 500);
    return () => clearInterval(timer);
  }, [isRunning]);
  const seconds = job && secondsLeft(job);
  return seconds === undefined ? undefined : `${roughly(seconds)} left`;
}

/** Whole seconds: tenths of an estimate say nothing. */
function roughly(seconds: number): string {
  return seconds < 60 ? `${Math.max(1, Math.round(seconds))} s` : formatSeconds(seconds);
}
