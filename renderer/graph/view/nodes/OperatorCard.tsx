import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import type { OperatorNode } from "../../geometry/graph-elements.ts";
import { operatorText, shortened } from "../../geometry/item-labels.ts";
import { operatorLabel } from "../../geometry/operator-label.ts";
import { classes, domId, useFocused, useFound, useHeat, useOperatorSelected } from "../marks.ts";
import styles from "./nodes.module.css";

/** One operator inside an expanded block. */
export const OperatorCard = memo(function OperatorCard({ id, data: { placed } }: NodeProps<OperatorNode>) {
  const { node } = placed;
  const heat = useHeat(placed.cost);
  const focused = useFocused(id);
  const selected = useOperatorSelected(placed.block.member, node.name);
  const { operators, current } = useFound();
  return (
    <div
      id={domId(id)}
      data-focused={focused || undefined}
      role="img"
      aria-label={operatorText(node)}
      aria-disabled={!placed.isOn || undefined}
      className={classes(
        styles.operator,
        node.macs > 0 && styles.weighted,
        selected && styles.selected,
        operators.has(id) && styles.found,
        current === id && styles.current,
      )}
      style={heat && { background: heat.background, color: heat.ink }}
    >
      <span className={styles.type}>
        {shortened(node.operator)}
        <span className={styles.kernel}>{operatorLabel(node).slice(node.operator.length)}</span>
      </span>
    </div>
  );
});
