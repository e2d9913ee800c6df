import { ReactFlowProvider } from "@xyflow/react";
import { useEffect } from "react";
import { useProject } from "../../state/project-store.ts";
import { DifferenceBar } from "./DifferenceBar.tsx";
import { DragLayer } from "./DragLayer.tsx";
import { FindBar } from "./FindBar.tsx";
import { GraphCanvas } from "./GraphCanvas.tsx";
import { GraphHint } from "./GraphHint.tsx";
import { GraphToolbar } from "./GraphToolbar.tsx";
import styles from "./GraphView.module.css";
import { showModel, useGraph } from "./graph-store.ts";

/** The networks as a graph, and where the live plan's exits sit on it. */
export function GraphView() {
  const sha256 = useProject(({ project }) => project?.backbone.sha256 ?? "");
  const shown = useGraph((state) => state.sha256);
  useEffect(() => showModel(sha256), [sha256]);
  return (
    <section className={styles.view} aria-label="Graph">
      <GraphToolbar />
      <GraphHint />
      <DifferenceBar />
      <div className={styles.stage}>
        {shown === sha256 && sha256 !== "" && (
          <ReactFlowProvider key={sha256}>
            <GraphCanvas />
          </ReactFlowProvider>
        )}
        <FindBar />
      </div>
      <DragLayer />
    </section>
  );
}
