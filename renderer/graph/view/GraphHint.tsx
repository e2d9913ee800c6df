import { formatCounted } from "../../../shared/base/format-number.ts";
import { networkViews } from "../../../shared/files/project-view.ts";
import { cameWith } from "../../../shared/presentation/words/ready-exits.ts";
import { useProject } from "../../state/project-store.ts";
import { useUncalibratedExits } from "../../state/ready-exits.ts";
import { draftOf, useDataForm } from "../../state/stages/data-form.ts";
import { openPanel } from "../../state/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import styles from "./GraphHint.module.css";

/** Says why no exit can be placed yet, and what to do about it. */
export function GraphHint() {
  const cutPoints = useProject(({ project }) =>
    networkViews(project).reduce((sum, { backbone }) => sum + backbone.cutPoints.length, 0),
  );
  const heads = useProject(({ project }) =>
    networkViews(project).reduce((sum, network) => sum + network.heads.length, 0),
  );
  const ready = useUncalibratedExits();
  const isChosen = useDataForm((form) => draftOf(form).chosen);
  const hasData = useProject(({ project }) => project?.data != null);
  if (cutPoints === 0)
    return (
      <p className={styles.hint}>
        This model has no cut point: no tensor in it is crossed by every path from input to output and looks
        like a feature map. Exits have no place on it.
      </p>
    );
  if (heads > 0) return null;
  const panel = hasData ? "heads" : "data";
  if (ready > 0)
    return (
      <p className={styles.hint}>
        {cameWith(ready)}. Labelled images calibrate them, and then they can be placed.
        <Button look="quiet" onClick={() => openPanel(isChosen ? "heads" : "data")}>
          {isChosen ? "Calibrate them…" : "Choose a data set…"}
        </Button>
      </p>
    );
  return (
    <p className={styles.hint}>
      Exits can go to {formatCounted(cutPoints, "cut point")} once their heads are trained.
      <Button look="quiet" onClick={() => openPanel(panel)}>
        {hasData ? "Train heads…" : "Choose a data set…"}
      </Button>
    </p>
  );
}
