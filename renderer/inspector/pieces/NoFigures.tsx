import { cameWith } from "../../../shared/presentation/words/ready-exits.ts";
import { clearPlan } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { useUncalibratedExits } from "../../state/ready-exits.ts";
import { NextStepAction } from "../../state/stages/NextStepAction.tsx";
import { useNextStep } from "../../state/stages/use-stages.ts";
import { openPanel } from "../../state/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import { IdeaPicture } from "../../ui/IdeaPicture.tsx";
import styles from "./NoFigures.module.css";

/** Why there are no live figures, and what to do about it. */
export function NoFigures() {
  const lacksStage = useOpenProject(({ heads, profiles }) => heads.length === 0 || profiles.length === 0);
  return <div className={styles.missing}>{lacksStage ? <NotYet /> : <Unfit />}</div>;
}

/** A stage has still to make what figures come from. */
function NotYet() {
  const next = useNextStep();
  const hasHeads = useOpenProject(({ heads }) => heads.length > 0);
  const ready = useUncalibratedExits();
  return (
    <>
      <IdeaPicture idea="plan" />
      <h3>{hasHeads ? "No latencies yet" : ready > 0 ? cameWith(ready) : "No exit heads yet"}</h3>
      <p>Every change to the plan shows its accuracy, latency and exit rates here at once. {next?.lacks}</p>
      <NextStepAction look="primary" />
    </>
  );
}

/** All was made, but doesn't go together. */
function Unfit() {
  const problem = useLive((state) => state.problem);
  const hasSpace = useLive((state) => state.space !== null);
  if (problem)
    return (
      <>
        <h3>The profile doesn't fit</h3>
        <p>{problem}</p>
        <Button look="primary" onClick={() => openPanel("profile")}>
          Profile again
        </Button>
      </>
    );
  if (!hasSpace)
    return (
      <>
        <h3>No confidences yet</h3>
        <p>
          The heads have not been calibrated. Train them again to get their confidences on the calibration
          split.
        </p>
        <Button look="primary" onClick={() => openPanel("heads")}>
          Train heads
        </Button>
      </>
    );
  return (
    <>
      <h3>The plan doesn't fit</h3>
      <p>
        One of its exits uses a head or policy that this project no longer has. Remove that exit, undo, or
        start from an empty plan.
      </p>
      <Button onClick={clearPlan}>Clear the plan</Button>
    </>
  );
}
