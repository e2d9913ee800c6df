import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { formatCount, formatPercent } from "../../../../shared/base/format-number.ts";
import { useOfNetwork } from "../../../state/of-network.ts";
import type { TerminalNode } from "../../geometry/graph-elements.ts";
import { inputText, partitionText } from "../../geometry/item-labels.ts";
import { useShare } from "../current-plan.ts";
import { domId, useFocused } from "../marks.ts";
import styles from "./nodes.module.css";
import { PartitionBorder, useIsPartitionedAt } from "./PartitionBorder.tsx";

export const InputCard = memo(function InputCard({ id, data: { placed } }: NodeProps<TerminalNode>) {
  const { summary, member, isOn } = placed.network;
  const tensor = summary.input.name;
  const isPartitioned = useIsPartitionedAt({ member, tensor });
  const ofNetwork = useOfNetwork(member);
  const label = `Input${ofNetwork} ${inputText(summary)}${isPartitioned ? partitionText : ""}`;
  return (
    <div
      id={domId(id)}
      className={styles.terminal}
      role="img"
      aria-label={label}
      aria-disabled={!isOn || undefined}
    >
      <span className={styles.label}>image</span>
      <span className={styles.detail}>{inputText(summary)}</span>
      <PartitionBorder member={member} tensor={tensor} />
    </div>
  );
});

/** A network's own output, and the share of samples that gets there. */
export const OutputCard = memo(function OutputCard({ id, data: { placed } }: NodeProps<TerminalNode>) {
  const { summary, member, isOn } = placed.network;
  const share = useShare(member, summary.cutPoints.length);
  const focused = useFocused(id);
  const network = useOfNetwork(member) || " of the backbone";
  const leaving = share === undefined ? "" : formatPercent(share);
  const classCount = `${formatCount(summary.output.classes)} classes`;
  return (
    <div
      id={domId(id)}
      data-focused={focused || undefined}
      className={styles.terminal}
      role="img"
      aria-label={`Output${network}, ${classCount}${leaving && `, ${leaving} of the samples get here`}`}
      aria-disabled={!isOn || undefined}
    >
      <span className={styles.label}>{classCount}</span>
      <span className={leaving ? styles.rate : styles.detail}>{leaving || "output"}</span>
    </div>
  );
});
