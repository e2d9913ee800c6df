import { formatCounted, formatQuantity, formatSeconds } from "../../shared/base/format-number.ts";
import { frontState } from "../../shared/presentation/progress/front-state.ts";
import { cutPointCount } from "../../shared/presentation/progress/stage-state.ts";
import { call } from "../state/call.ts";
import { useChosenOn } from "../state/chosen-on.ts";
import { useEngine } from "../state/engine-store.ts";
import { useProject } from "../state/project-store.ts";
import { Button } from "../ui/Button.tsx";
import styles from "./StatusBar.module.css";

const engineWords = {
  starting: "engine starts",
  ready: "engine ready",
  restarting: "engine starts again",
  stopped: "engine stopped",
} as const;

/** What is open, and how its front came about. */
export function StatusBar() {
  const { state } = useEngine();
  const chosenOn = useChosenOn();
  const project = useProject((store) => store.project);
  const search = project?.front?.searches[0];
  const parts = [
    engineWords[state],
    project && project.members.length > 0 && formatCounted(1 + project.members.length, "network"),
    project && formatCounted(cutPointCount(project), "cut point"),
    project && project.samples > 0 && formatCounted(project.samples, chosenOn.sample),
  ].filter(Boolean);
  return (
    <footer className={styles.bar} data-pane>
      <span role="status">{parts.join(" · ")}</span>
      {state === "stopped" && (
        <Button look="quiet" className={styles.restart} onClick={() => void call("engine.restart", {})}>
          Start it again
        </Button>
      )}
      <span className={styles.right}>
        {search &&
          [
            frontState(search).title,
            project?.front?.offload && "partitions searched",
            search.algorithm,
            formatSeconds(search.seconds),
            `${formatQuantity(search.evaluations)} plans`,
          ]
            .filter(Boolean)
            .join(" · ")}
      </span>
    </footer>
  );
}
