import { Square } from "lucide-react";
import { type JobKind, useJobs } from "../state/job-store.ts";
import { useRunAll } from "../state/run-all.ts";
import { useSecondsLeft } from "../state/use-seconds-left.ts";
import { Button } from "../ui/Button.tsx";
import layoutStyles from "../ui/layout.module.css";
import { ProgressBar } from "../ui/ProgressBar.tsx";
import textStyles from "../ui/text.module.css";
import styles from "./JobProgress.module.css";

const stageWords: Readonly<Record<string, string>> = {
  import: "Reading the model",
  load: "Reading the images",
  check: "Checking the backbone",
  train: "Training the heads",
  calibrate: "Calibrating the heads",
  profile: "Profiling",
  search: "Searching",
  export: "Writing the files",
  verify: "Running and timing it",
};

interface JobProgressProps {
  readonly kind: JobKind;
  /** What the job does, while no stage of it is known. */
  readonly title: string;
  /** Stages of the job in order, to say which one it is at. */
  readonly stages?: readonly string[];
}

/** A job's stage, bar, note, time left and stop; nothing while it doesn't run, or as part of a run of all stages. */
export function JobProgress({ kind, title, stages = [] }: JobProgressProps) {
  const job = useJobs((jobs) => jobs[kind]);
  const left = useSecondsLeft(job);
  const partOfRun = useRunAll(({ step }) => step === kind);
  if (!job || partOfRun) return null;
  const words = (job.stage && stageWords[job.stage]) ?? title;
  const step = job.stage ? stages.indexOf(job.stage) : -1;
  return (
    <div className={styles.progress}>
      <div className={layoutStyles.spread}>
        <span className={textStyles.strong}>
          {job.stopping ? "Stopping" : words}
          {step >= 0 && stages.length > 1 && (
            <span className={styles.soft}>
              {" "}
              · {step + 1} of {stages.length}
            </span>
          )}
        </span>
        <span className={styles.soft}>{Math.round(100 * job.share)} %</span>
      </div>
      <ProgressBar share={job.share} label={words} />
      <div className={layoutStyles.spread}>
        <span className={styles.note} role="status">
          {[job.note, left].filter(Boolean).join(" · ")}
        </span>
        <div className={styles.buttons}>
          <Button
            icon={<Square size={11} />}
            title={job.cancel && "End it and keep what it has found"}
            disabled={job.stopping}
            onClick={job.stop}
          >
            Stop
          </Button>
          {job.cancel && (
            <Button title="End it and drop what it has found" onClick={job.cancel}>
              Cancel
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
