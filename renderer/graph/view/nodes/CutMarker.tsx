import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { formatPercent } from "../../../../shared/base/format-number.ts";
import { useDesign } from "../../../state/design-store.ts";
import { useProject } from "../../../state/project-store.ts";
import { useView } from "../../../state/view-store.ts";
import type { CutNode } from "../../geometry/graph-elements.ts";
import { type MarkerState, markerText, partitionText } from "../../geometry/item-labels.ts";
import { useShare } from "../current-plan.ts";
import { useGraph } from "../graph-store.ts";
import { classes, domId, useFocused } from "../marks.ts";
import styles from "./nodes.module.css";
import { PartitionBorder, useIsPartitionedAt } from "./PartitionBorder.tsx";

/** Where an exit may go. Shows where exits of a hovered plan and of one being dragged would stand. */
export const CutMarker = memo(function CutMarker({ id, data: { placed } }: NodeProps<CutNode>) {
  const { cut } = placed;
  const count = useProject(({ project }) => project?.backbone.cutPoints.length ?? 0);
  const state = useMarkerState(cut.tensor);
  const focused = useFocused(id);
  const target = useGraph(({ drag }) => drag?.over === cut.tensor);
  const dragging = useGraph(({ drag }) => drag !== null);
  const ghost = useView(
    ({ hovered }) => hovered?.exits.some(({ cutPoint }) => cutPoint === cut.tensor) ?? false,
  );
  const isPartitioned = useIsPartitionedAt(cut.tensor);
  const share = useShare(cut.index + 1);
  return (
    <div
      id={domId(id)}
      data-focused={focused || undefined}
      role="img"
      aria-label={markerText(cut, count, state) + (isPartitioned ? partitionText : "")}
      className={classes(
        styles.marker,
        styles[state],
        target && styles.target,
        dragging && state === "free" && styles.offered,
      )}
    >
      <PartitionBorder tensor={cut.tensor} />
      {state === "free" && <span className={styles.plus} />}
      {state === "taken" && share !== undefined && (
        <span className={styles.share}>{formatPercent(share, 0)}</span>
      )}
      {(ghost || target) && (
        <>
          <span className={styles.ghostBranch} style={{ height: placed.exit.y - placed.centre.y - 6 }} />
          <span
            className={styles.ghost}
            style={{
              left: placed.exit.x - placed.centre.x + 12,
              top: placed.exit.y - placed.centre.y + 12,
              width: placed.exit.width,
              height: placed.exit.height,
            }}
          />
        </>
      )}
    </div>
  );
});

function useMarkerState(cutPoint: string): MarkerState {
  const taken = useDesign(({ exits }) => exits.some((exit) => exit.cutPoint === cutPoint));
  const hasHead = useProject(
    ({ project }) => project?.heads.some((head) => head.cutPoint === cutPoint) ?? false,
  );
  return taken ? "taken" : hasHead ? "free" : "noHead";
}
