import { Check } from "lucide-react";
import type { StageName } from "../../shared/presentation/progress/stage-state.ts";
import { useOpenProject } from "../state/project-store.ts";
import { draftOf, useDataForm } from "../state/stages/data-form.ts";
import { useLearnsHeads } from "../state/stages/learns-heads.ts";
import { canRunAll, runAll, useRunAll } from "../state/stages/run-all.ts";
import { openPanel, useView } from "../state/view-store.ts";
import styles from "./Steps.module.css";

const steps: readonly { readonly title: string; readonly panel: StageName }[] = [
  { title: "Model", panel: "model" },
  { title: "Data", panel: "data" },
  { title: "Target", panel: "profile" },
];

/** The steps from a new model to its first front: model, data, target, run all. */
export function Steps() {
  const panel = useView((state) => state.panel);
  const form = useDataForm();
  const hasHeads = useOpenProject((project) => project.heads.length > 0);
  const learns = useLearnsHeads();
  const running = useRunAll(({ step }) => step !== null);
  const dataDone = hasHeads || draftOf(form).chosen;
  const done = (name: StageName) => name === "model" || (name === "data" && dataDone);
  return (
    <ol className={styles.steps} aria-label="From a new model to its plans">
      {steps.map(({ title, panel: name }, index) => (
        <li key={name}>
          <button
            type="button"
            className={styles.step}
            aria-current={panel === name ? "step" : undefined}
            onClick={() => openPanel(name)}
          >
            <span className={`${styles.mark} ${done(name) ? styles.done : ""}`} aria-hidden>
              {done(name) ? <Check size={11} /> : index + 1}
            </span>
            {title}
          </button>
        </li>
      ))}
      <li>
        <button
          type="button"
          className={styles.step}
          disabled={!canRunAll()}
          aria-current={running ? "step" : undefined}
          title={
            dataDone
              ? `${learns ? "Train" : "Calibrate"}, profile and search with what is chosen`
              : "Choose a data set first"
          }
          onClick={() => void runAll()}
        >
          <span className={styles.mark} aria-hidden>
            {steps.length + 1}
          </span>
          Run all
        </button>
      </li>
    </ol>
  );
}
