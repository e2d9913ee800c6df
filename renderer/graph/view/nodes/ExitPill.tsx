import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { formatPercent } from "../../../../shared/base/format-number.ts";
import { type ExitPlace, isAt, outputHead } from "../../../../shared/model/plan.ts";
import { useEngine } from "../../../state/engine-store.ts";
import { useOfNetwork } from "../../../state/of-network.ts";
import type { ExitNode } from "../../geometry/graph-elements.ts";
import { exitText, placeText, thresholdText } from "../../geometry/item-labels.ts";
import type { PlacedCut } from "../../geometry/scene.ts";
import { useExitAt } from "../current-plan.ts";
import { startExitDrag } from "../exit-drag.ts";
import { useGraph } from "../graph-store.ts";
import { classes, domId, useExitSelected, useFocused } from "../marks.ts";
import styles from "./nodes.module.css";

/** An exit of the live plan: its head, threshold and the share of samples that leaves there. Dragged to move it. */
export const ExitPill = memo(function ExitPill({ id, data: { placed } }: NodeProps<ExitNode>) {
  const at = useExitAt(placed);
  const focused = useFocused(id);
  const selected = useExitSelected(placed);
  const moving = useGraph(({ drag }) => drag?.from != null && isAt(drag.from, placed));
  const head = useHeadTitle(at?.exit.head ?? "");
  const place = placeText(placed, useOfNetwork(placed.member));
  if (!at) return null;
  return (
    <div
      id={domId(id)}
      data-focused={focused || undefined}
      data-tour="exit"
      role="img"
      aria-label={exitText(at.number, { ...at.exit, head }, place, at.rate)}
      className={classes(styles.exit, "nopan", selected && styles.selected, moving && styles.moving)}
      onPointerDown={(event) => startExitDrag(event, placeOf(placed))}
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

function placeOf({ member, cutPoint }: PlacedCut): ExitPlace {
  return { member, cutPoint };
}

function useHeadTitle(kind: string): string {
  const title = useEngine(({ offers }) => offers?.headKinds.find(({ id }) => id === kind)?.shortTitle);
  return kind === outputHead ? "own output" : (title ?? kind);
}
