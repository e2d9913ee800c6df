import { Square } from "lucide-react";
import { Button } from "./Button.tsx";
import styles from "./JobProgress.module.css";
import layoutStyles from "./layout.module.css";
import { ProgressBar } from "./ProgressBar.tsx";
import textStyles from "./text.module.css";

const stageWords: Readonly<Record<string, string>> = {
  import: "Reading the model",
  load: "Reading the images",
  check: "Checking the network",
  train: "Training the heads",
  write: "Writing the training",
  tune: "Tuning",
  take: "Taking back what it has learnt",
  calibrate: "Calibrating the heads",
  profile: "Profiling",
  quantise: "Quantising",
  references: "Running and timing it",
  robustness: "Trying corrupted images",
  search: "Searching",
  export: "Writing the files",
  verify: "Running and timing it",
};

/** What is shown of a job. */
export interface ShownJob {
  /** The stage under way, if the job runs several. */
  readonly stage: string | null;
  /** Share of the stage that is done (0-1). */
  readonly share: number;
  readonly note: string | null;
  readonly stopping: boolean;
  /** Ends it early, with what it has if it can. */
  stop(): void;
  /** Ends it and drops what it has; only where stopping keeps something. */
  cancel?(): void;
}

interface JobProgressProps {
  readonly job: ShownJob;
  /** How long the stage still takes, in words. */
  readonly left: string | undefined;
  /** What the job does, while no stage of it is known. */
  readonly title: string;
  /** Stages of the job in order, to say which one it is at. */
  readonly stages?: readonly string[];
}

/** A job's stage, bar, note, time left and stop. */
export function JobProgress({ job, left, title, stages = [] }: JobProgressProps) {
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
        <Button
          className={styles.stop}
          icon={<Square size={11} />}
          title={job.cancel && "End it and keep what it has found"}
          disabled={job.stopping}
          onClick={job.stop}
        >
          Stop
        </Button>
      </div>
      {job.cancel && (
        <Button look="quiet" className={styles.cancel} onClick={job.cancel}>
          Cancel, and drop what it has found
        </Button>
      )}
    </div>
  );
}
