import { formatCounted, formatQuantity, formatSeconds } from "../../shared/format-number.ts";
import { call } from "../bridge/call.ts";
import { frontState } from "../search/front-state.ts";
import { useEngine } from "../stores/engine-store.ts";
import { useProject } from "../stores/project-store.ts";
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
  const project = useProject((store) => store.project);
  const search = project?.front?.searches[0];
  const parts = [
    engineWords[state],
    project && formatCounted(project.backbone.cutPoints.length, "cut point"),
    project && project.samples > 0 && formatCounted(project.samples, "calibration sample"),
  ].filter(Boolean);
  return (
    <footer className={styles.bar}>
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
            project?.front?.offload && "cuts searched",
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
