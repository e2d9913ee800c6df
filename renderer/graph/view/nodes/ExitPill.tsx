import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { formatPercent } from "../../../../shared/base/format-number.ts";
import { useEngine } from "../../../state/engine-store.ts";
import type { ExitNode } from "../../geometry/graph-elements.ts";
import { exitText, thresholdText } from "../../geometry/item-labels.ts";
import { useExitAt } from "../current-plan.ts";
import { startExitDrag } from "../exit-drag.ts";
import { useGraph } from "../graph-store.ts";
import { classes, domId, useExitSelected, useFocused } from "../marks.ts";
import styles from "./nodes.module.css";

/** An exit of the live plan: its head, threshold and the share of samples that leaves there. Dragged to move it. */
export const ExitPill = memo(function ExitPill({ id, data: { placed } }: NodeProps<ExitNode>) {
  const { cut } = placed;
  const at = useExitAt(cut.tensor);
  const focused = useFocused(id);
  const selected = useExitSelected(cut.tensor);
  const moving = useGraph(({ drag }) => drag?.from === cut.tensor);
  const head = useHeadTitle(at?.exit.head ?? "");
  if (!at) return null;
  return (
    <div
      id={domId(id)}
      data-focused={focused || undefined}
      role="img"
      aria-label={exitText(at.number, { ...at.exit, head }, cut.index, at.rate)}
      className={classes(styles.exit, "nopan", selected && styles.selected, moving && styles.moving)}
      onPointerDown={(event) => startExitDrag(event, cut.tensor)}
    >
      <span className={styles.line}>
        <span className={styles.number}>{at.number}</span>
        <span className={styles.head}>{head}</span>
      </span>
      <span className={styles.line}>
        <span className={styles.threshold}>≥ {thresholdText(at.exit.threshold)}</span>
        <span className={styles.rate}>{at.rate === undefined ? "–" : formatPercent(at.rate)}</span>
      </span>
    </div>
  );
});

function useHeadTitle(kind: string): string {
  return useEngine(({ offers }) => offers?.headKinds.find(({ id }) => id === kind)?.title ?? kind);
}
