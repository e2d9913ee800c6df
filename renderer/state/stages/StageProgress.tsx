import type { JobKind } from "../../../shared/presentation/progress/stage-state.ts";
import { JobProgress } from "../../ui/JobProgress.tsx";
import { useJobs } from "../job-store.ts";
import { useSecondsLeft } from "../use-seconds-left.ts";
import { useRunAll } from "./run-all.ts";

interface StageProgressProps {
  readonly kind: JobKind;
  /** What the job does, while no stage of it is known. */
  readonly title: string;
  /** Stages of the job in order, to say which one it is at. */
  readonly stages?: readonly string[];
}

/** How far a job is; nothing while it doesn't run, or as part of a run of all stages, which shows its own. */
export function StageProgress({ kind, ...words }: StageProgressProps) {
  const job = useJobs((jobs) => jobs[kind]);
  const left = useSecondsLeft(job);
  const isPartOfRun = useRunAll(({ step }) => step === kind);
  return job && !isPartOfRun ? <JobProgress job={job} left={left} {...words} /> : null;
}
