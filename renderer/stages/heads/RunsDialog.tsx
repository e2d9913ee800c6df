import { formatCounted } from "../../../shared/base/format-number.ts";
import { maxRuns, type TrainingRun } from "../../../shared/files/training-run.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { shownRuns, useRuns } from "../../state/stages/training-runs.ts";
import { closeDialog } from "../../state/view-store.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import textStyles from "../../ui/text.module.css";
import { HeadCurves } from "./HeadCurves.tsx";
import { RunCurves } from "./RunCurves.tsx";
import styles from "./RunsDialog.module.css";
import { RunsTable } from "./RunsTable.tsx";

/** The trainings of a project side by side: curves of those that are ticked, and a table of all. */
export function RunsDialog() {
  const runs = useOpenProject((project) => project.runs);
  const shown = shownRuns(runs, useRuns());
  if (runs.length === 0)
    return (
      <Dialog title="Training runs" open onClose={closeDialog}>
        <p>
          Every training of heads is kept here with its options, curves and results. None has ended in this
          project yet.
        </p>
      </Dialog>
    );
  return (
    <Dialog
      title="Training runs"
      description={`${formatCounted(runs.length, "training")} of heads; the newest ${maxRuns} are kept in the project. Tick several to lay their curves over each other.`}
      open
      wide
      onClose={closeDialog}
    >
      <div className={styles.curves}>
        <ShownCurves shown={shown} />
      </div>
      <RunsTable runs={[...runs].reverse()} shown={shown} />
    </Dialog>
  );
}

const chartHeight = 220;

function ShownCurves({ shown }: { readonly shown: readonly TrainingRun[] }) {
  if (shown.length === 0) return <p className={textStyles.note}>Tick a run to see how its heads learnt.</p>;
  if (shown.length === 1) return <HeadCurves curves={shown[0].heads} height={chartHeight} />;
  return <RunCurves runs={shown} height={chartHeight} />;
}
