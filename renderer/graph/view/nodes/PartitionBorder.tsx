import type { PlanPartition } from "../../../../shared/model/plan.ts";
import { useDesign } from "../../../state/design-store.ts";
import { useView } from "../../../state/view-store.ts";
import { classes } from "../marks.ts";
import styles from "./nodes.module.css";

/** A tensor of a network, as partitions say it: of the backbone without its SHA-256. */
interface BorderPlace {
  readonly tensor: string;
  readonly member?: string;
}

function isBorder({ cut, cutMember }: PlanPartition, { tensor, member }: BorderPlace): boolean {
  return cut === tensor && cutMember === member;
}

/** Whether a server takes over at a place in the live plan. */
export function useIsPartitionedAt(place: BorderPlace | undefined): boolean {
  return useDesign(({ offload }) => place !== undefined && offload !== undefined && isBorder(offload, place));
}

/** Marks where the live plan, or a hovered one, passes from device to server; nothing at other places. */
export function PartitionBorder(place: BorderPlace) {
  const isPartitioned = useIsPartitionedAt(place);
  const wouldPartition = useView(({ hovered }) => hovered !== null && isBorder(hovered, place));
  if (!isPartitioned && !wouldPartition) return null;
  return (
    <span className={classes(styles.partitionBorder, !isPartitioned && styles.ghostPartition)}>
      <span>device</span>
      <span>server</span>
    </span>
  );
}
