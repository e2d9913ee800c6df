import type { StageName } from "../../../shared/presentation/progress/stage-state.ts";
import { cameWith } from "../../../shared/presentation/words/ready-exits.ts";
import { clearPlan } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { useProject } from "../../state/project-store.ts";
import { useUncalibratedExits } from "../../state/ready-exits.ts";
import { openPanel } from "../../state/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import styles from "./NoFigures.module.css";

interface Missing {
  readonly title: string;
  readonly text: string;
  readonly action?: { readonly label: string; readonly panel: StageName };
}

/** Why there are no live figures, and what to do about it. */
export function NoFigures() {
  const project = useProject((state) => state.project);
  const problem = useLive((state) => state.problem);
  const hasSpace = useLive((state) => state.space !== null);
  const ready = useUncalibratedExits();
  const { title, text, action } = whatIsMissing(
    { heads: project?.heads.length ?? 0, ready },
    project?.profiles.length ?? 0,
    problem,
    hasSpace,
  );
  return (
    <div className={styles.missing}>
      <h3>{title}</h3>
      <p>{text}</p>
      {action ? (
        <Button look="primary" onClick={() => openPanel(action.panel)}>
          {action.label}
        </Button>
      ) : (
        <Button onClick={clearPlan}>Clear the plan</Button>
      )}
    </div>
  );
}

function whatIsMissing(
  { heads, ready }: { readonly heads: number; readonly ready: number },
  profiles: number,
  problem: string | null,
  hasSpace: boolean,
): Missing {
  if (ready > 0)
    return {
      title: cameWith(ready),
      text: "Nothing has to be trained. Labelled images calibrate them; then every change to the plan shows its accuracy and exit rates here at once.",
      action: { label: "Choose a data set", panel: "data" },
    };
  if (heads === 0)
    return {
      title: "No exit heads yet",
      text: "Exits answer with small heads that are trained on your data set. With them, every change to the plan shows its accuracy and exit rates here at once.",
      action: { label: "Train heads", panel: "heads" },
    };
  if (profiles === 0)
    return {
      title: "No latencies yet",
      text: "What a plan saves depends on the target it runs on. Profile the network here, or import a profile from another machine.",
      action: { label: "Profile a target", panel: "profile" },
    };
  if (problem)
    return {
      title: "The profile doesn't fit",
      text: problem,
      action: { label: "Profile again", panel: "profile" },
    };
  if (!hasSpace)
    return {
      title: "No confidences yet",
      text: "The heads have not been calibrated. Train them again to get their confidences on the calibration split.",
      action: { label: "Train heads", panel: "heads" },
    };
  return {
    title: "The plan doesn't fit",
    text: "One of its exits uses a head or policy that this project no longer has. Remove that exit, undo, or start from an empty plan.",
  };
}
