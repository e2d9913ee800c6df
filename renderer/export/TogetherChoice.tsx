import { describeEnsembled } from "../../shared/presentation/words/describe-ensembled.ts";
import { useChanging } from "../state/stages/run-stages.ts";
import { StageProgress } from "../state/stages/StageProgress.tsx";
import { CheckField } from "../ui/Field.tsx";
import textStyles from "../ui/text.module.css";
import styles from "./ExportDialog.module.css";
import { answerTogether, togetherLabel, useTogether } from "./together.ts";

/** Whether exits answer by themselves or for all before them, with what both are predicted to do. */
export function TogetherChoice() {
  const { obstacle, chosen, isFitting } = useTogether();
  const changing = useChanging();
  return (
    <fieldset className={styles.group}>
      <legend>Decisions</legend>
      <CheckField
        label={togetherLabel}
        hint={
          obstacle ??
          "Each exit answers for all exits up to it, by the product of their probabilities: often faster where next to nothing may be lost. Weights and thresholds are fitted to the calibration images first, which the networks run through once."
        }
        checked={isFitting || chosen !== undefined}
        disabled={obstacle !== undefined || changing}
        onCheck={(isOn) => void answerTogether(isOn)}
      />
      <StageProgress kind="ensemble" title="Fitting exits to each other" stages={["load", "calibrate"]} />
      {chosen && <p className={textStyles.soft}>{describeEnsembled(chosen)}</p>}
    </fieldset>
  );
}
