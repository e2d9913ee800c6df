import { Check, CircleDashed, LoaderCircle, Square, TriangleAlert } from "lucide-react";
import { useJobs } from "../state/job-store.ts";
import { useProject } from "../state/project-store.ts";
import { useLearnsHeads } from "../state/stages/learns-heads.ts";
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
import layoutStyles from "../ui/layout.module.css";
import { ProgressBar } from "../ui/ProgressBar.tsx";
import textStyles from "../ui/text.module.css";
import styles from "./RunAllProgress.module.css";

const words: Readonly<Record<Exclude<RunAllStep, "train">, string>> = {
  profile: "Profile the target",
  search: "Search for plans",
};

/** Progress of a run of all stages, or where it ended early. */
export function RunAllProgress() {
  const { step, endedAt, stopping } = useRunAll();
  const job = useJobs((jobs) => (step ? jobs[step] : undefined));
  const left = useSecondsLeft(job);
  const learns = useLearnsHeads();
  const wordsOf = (name: RunAllStep) =>
    name !== "train" ? words[name] : learns ? "Train and calibrate the heads" : "Calibrate the exits";
  const searched = useProject(({ project }) => project?.front !== null);
  const at = step ?? endedAt;
  if (!at || (!step && searched)) return null;
  const position = runAllSteps.indexOf(at);
  return (
    <section className={styles.run} aria-label="Run all">
      <ol className={layoutStyles.stack}>
        {runAllSteps.map((name, index) => (
          <li key={name} className={`${layoutStyles.row} ${index > position ? textStyles.soft : ""}`}>
            <StepIcon
              state={index < position ? "done" : index > position ? "later" : step ? "now" : "ended"}
            />
            <span className={layoutStyles.space}>
              {wordsOf(name)}
              {name === endedAt && " (not finished)"}
            </span>
            {name === step && job && (
              <span className={textStyles.note}>{job.stopping ? "stopping" : (left ?? job.note)}</span>
            )}
          </li>
        ))}
      </ol>
      {job && <ProgressBar share={job.share} label={wordsOf(at)} />}
      {step ? (
        <Button icon={<Square size={11} />} disabled={stopping || job?.stopping} onClick={stopAll}>
          Stop
        </Button>
      ) : (
        <div className={layoutStyles.wrap}>
          <Button look="primary" onClick={() => void runAll()}>
            Go on
          </Button>
          <Button onClick={forgetEndOfRun}>Dismiss</Button>
          <span className={textStyles.note}>What was finished is kept.</span>
        </div>
      )}
    </section>
  );
}

function StepIcon({ state }: { readonly state: "done" | "now" | "later" | "ended" }) {
  if (state === "done") return <Check size={14} className={textStyles.good} aria-label="done" />;
  if (state === "now") return <LoaderCircle size={14} className={styles.spin} aria-label="under way" />;
  if (state === "ended")
    return <TriangleAlert size={14} className={textStyles.warn} aria-label="not finished" />;
  return <CircleDashed size={14} aria-label="to come" />;
}
