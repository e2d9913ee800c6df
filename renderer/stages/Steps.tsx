import { Check } from "lucide-react";
import type { NextStep } from "../../shared/presentation/progress/next-step.ts";
import type { StageName } from "../../shared/presentation/progress/stage-state.ts";
import { useLearnsHeads } from "../state/stages/learns-heads.ts";
import { canRunAll, runAll, useRunAll } from "../state/stages/run-all.ts";
import { useNextStep, useStages } from "../state/stages/use-stages.ts";
import { openPanel } from "../state/view-store.ts";
import styles from "./Steps.module.css";

const steps = [
  { title: "Model", stage: "model" },
  { title: "Data", stage: "data" },
  { title: "Target", stage: "profile" },
] as const satisfies readonly { readonly title: string; readonly stage: StageName }[];

/** The steps from a new model to its first front: model, data, target, run all. The next one is lit, and no other. */
export function Steps() {
  const states = useStages();
  const next = useNextStep();
  const learns = useLearnsHeads();
  const isRunning = useRunAll(({ step }) => step !== null);
  const lit = isRunning ? "run" : stepOf(next);
  return (
    <ol className={styles.steps} aria-label="From a new model to its plans">
      {steps.map(({ title, stage }, index) => (
        <li key={stage}>
          <button
            type="button"
            className={styles.step}
            aria-current={lit === stage ? "step" : undefined}
            onClick={() => openPanel(stage)}
          >
            <Mark number={index + 1} isDone={states[stage].kind === "done"} />
            {title}
          </button>
        </li>
      ))}
      <li>
        <button
          type="button"
          className={styles.step}
          disabled={!canRunAll()}
          aria-current={lit === "run" ? "step" : undefined}
          title={
            next?.stage === "data"
              ? "Choose a data set first"
              : `${learns ? "Train" : "Calibrate"}, profile and search with what is chosen`
          }
          onClick={() => void runAll()}
        >
          <Mark number={steps.length + 1} isDone={false} />
          Run all
        </button>
      </li>
    </ol>
  );
}

/** Where the next step is among these: what comes after the target is what Run all does. */
function stepOf(next: NextStep | null): (typeof steps)[number]["stage"] | "run" | undefined {
  if (!next) return undefined;
  return steps.find(({ stage }) => stage === next.stage)?.stage ?? "run";
}

function Mark({ number, isDone }: { readonly number: number; readonly isDone: boolean }) {
  return (
    <span className={`${styles.mark} ${isDone ? styles.done : ""}`} aria-hidden>
      {isDone ? <Check size={11} /> : number}
    </span>
  );
}
