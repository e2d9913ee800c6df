import { formatCounted } from "../../../shared/base/format-number.ts";
import { networkViews } from "../../../shared/files/project-view.ts";
import { cutPointCount } from "../../../shared/presentation/progress/stage-state.ts";
import { cameWith } from "../../../shared/presentation/words/ready-exits.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { useUncalibratedExits } from "../../state/ready-exits.ts";
import { NextStepAction } from "../../state/stages/NextStepAction.tsx";
import styles from "./GraphHint.module.css";

/** Says why no exit can be placed yet, and what to do about it. */
export function GraphHint() {
  const cutPoints = useOpenProject(cutPointCount);
  const heads = useOpenProject((project) =>
    networkViews(project).reduce((sum, network) => sum + network.heads.length, 0),
  );
  const ready = useUncalibratedExits();
  if (cutPoints === 0)
    return (
      <p className={styles.hint}>
        This model has no cut point: no tensor in it is crossed by every path from input to output and looks
        like a feature map. Exits have no place on it.
      </p>
    );
  if (heads > 0) return null;
  return (
    <p className={styles.hint}>
      {ready > 0
        ? `${cameWith(ready)}. Labelled images calibrate them, and then they can be placed.`
        : `Exits can go to ${formatCounted(cutPoints, "cut point")} once their heads are trained.`}
      <NextStepAction look="quiet" />
    </p>
  );
}
