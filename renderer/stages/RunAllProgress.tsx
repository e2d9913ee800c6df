import { Check, CircleDashed, LoaderCircle, Square, TriangleAlert } from "lucide-react";
import { useJobs } from "../state/job-store.ts";
import { useProject } from "../state/project-store.ts";
import {
  forgetEndOfRun,
  type RunAllStep,
  runAll,
  runAllSteps,
  stopAll,
  useRunAll,
} from "../state/stages/run-all.ts";
import { useSecondsLeft } from "../state/use-seconds-left.ts";
import { Button } from "../ui/Button.tsx";
import { ProgressBar } from "../ui/ProgressBar.tsx";
import styles from "./RunAllProgress.module.css";

const words: Readonly<Record<RunAllStep, string>> = {
  train: "Train and calibrate the heads",
  profile: "Profile the target",
  search: "Search for plans",
};

/** Progress of a run of all stages, or where it ended early. */
export function RunAllProgress() {
  const { step, endedAt, stopping } = useRunAll();
  const job = useJobs((jobs) => (step ? jobs[step] : undefined));
  const left = useSecondsLeft(job);
  const searched = useProject(({ project }) => project?.front !== null);
  const at = step ?? endedAt;
  if (!at || (!step && searched)) return null;
  const position = runAllSteps.indexOf(at);
  return (
    <section className={styles.run} aria-label="Run all">
      <ol>
        {runAllSteps.map((name, index) => (
          <li key={name} className={index > position ? styles.later : ""}>
            <StepIcon
              state={index < position ? "done" : index > position ? "later" : step ? "now" : "ended"}
            />
            <span className={styles.words}>
              {words[name]}
              {name === endedAt && " (not finished)"}
            </span>
            {name === step && job && (
              <span className={styles.soft}>{job.stopping ? "stopping" : (left ?? job.note)}</span>
            )}
          </li>
        ))}
      </ol>
      {job && <ProgressBar share={job.share} label={words[at]} />}
      {step ? (
        <Button icon={<Square size={11} />} disabled={stopping || job?.stopping} onClick={stopAll}>
          Stop
        </Button>
      ) : (
        <div className={styles.again}>
          <Button look="primary" onClick={() => void runAll()}>
            Go on
          </Button>
          <Button onClick={forgetEndOfRun}>Dismiss</Button>
          <span className={styles.soft}>What was finished is kept.</span>
        </div>
      )}
    </section>
  );
}

function StepIcon({ state }: { readonly state: "done" | "now" | "later" | "ended" }) {
  if (state === "done") return <Check size={14} className={styles.good} aria-label="done" />;
  if (state === "now") return <LoaderCircle size={14} className={styles.spin} aria-label="under way" />;
  if (state === "ended") return <TriangleAlert size={14} className={styles.bad} aria-label="not finished" />;
  return <CircleDashed size={14} aria-label="to come" />;
}
