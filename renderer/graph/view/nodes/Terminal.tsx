import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { formatCount, formatPercent } from "../../../../shared/base/format-number.ts";
import { useProject } from "../../../state/project-store.ts";
import type { TerminalNode } from "../../geometry/graph-elements.ts";
import { inputText, partitionText } from "../../geometry/item-labels.ts";
import { useShare } from "../current-plan.ts";
import { domId, useFocused } from "../marks.ts";
import styles from "./nodes.module.css";
import { PartitionBorder, useIsPartitionedAt } from "./PartitionBorder.tsx";

export const InputCard = memo(function InputCard({ id }: NodeProps<TerminalNode>) {
  const backbone = useProject(({ project }) => project?.backbone);
  const isPartitioned = useIsPartitionedAt(backbone?.input.name);
  if (!backbone) return null;
  const label = `Input ${inputText(backbone)}${isPartitioned ? partitionText : ""}`;
  return (
    <div id={domId(id)} className={styles.terminal} role="img" aria-label={label}>
      <span className={styles.label}>image</span>
      <span className={styles.detail}>{inputText(backbone)}</span>
      <PartitionBorder tensor={backbone.input.name} />
    </div>
  );
});

/** The backbone's own output, and the share of samples that gets there. */
export const OutputCard = memo(function OutputCard({ id }: NodeProps<TerminalNode>) {
  const backbone = useProject(({ project }) => project?.backbone);
  const share = useShare(backbone?.cutPoints.length ?? 0);
  const focused = useFocused(id);
  if (!backbone) return null;
  const leaving = share === undefined ? "" : formatPercent(share);
  const classCount = `${formatCount(backbone.output.classes)} classes`;
  return (
    <div
      id={domId(id)}
      data-focused={focused || undefined}
      className={styles.terminal}
      role="img"
      aria-label={`Output of the backbone, ${classCount}${leaving && `, ${leaving} of the samples get here`}`}
    >
      <span className={styles.label}>{classCount}</span>
      <span className={leaving ? styles.rate : styles.detail}>{leaving || "output"}</span>
    </div>
  );
});
