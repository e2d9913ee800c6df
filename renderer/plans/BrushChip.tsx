import { X } from "lucide-react";
import { formatCount } from "../../shared/base/format-number.ts";
import { isBrushed } from "../state/brush.ts";
import { clearBrush, useChart } from "../state/chart-store.ts";
import { useShownPlans } from "../state/shown-plans.ts";
import styles from "./BrushChip.module.css";

/** How many plans brushes and filters leave; a press clears them. */
export function BrushChip() {
  const brush = useChart((state) => state.brush);
  const { rows, allRows } = useShownPlans();
  if (!isBrushed(brush)) return null;
  return (
    <button
      type="button"
      className={styles.chip}
      title="Clear the selection (Escape on the chart)"
      onClick={clearBrush}
    >
      {`${formatCount(rows.length)} of ${formatCount(allRows)}`}
      <span className={styles.word}>plans</span>
      <X size={12} aria-hidden="true" />
      <span className="visually-hidden">clear</span>
    </button>
  );
}
