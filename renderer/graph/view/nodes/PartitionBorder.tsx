import { useDesign } from "../../../state/design-store.ts";
import { useView } from "../../../state/view-store.ts";
import { classes } from "../marks.ts";
import styles from "./nodes.module.css";

/** Whether a server takes over at a tensor in the live plan. */
export function useIsPartitionedAt(tensor: string | undefined): boolean {
  return useDesign(({ offload }) => offload?.cut !== undefined && offload.cut === tensor);
}

/** Marks where the live plan, or a hovered one, passes from device to server; nothing at other tensors. */
export function PartitionBorder({ tensor }: { readonly tensor: string }) {
  const isPartitioned = useIsPartitionedAt(tensor);
  const wouldPartition = useView(({ hovered }) => hovered?.cut === tensor);
  if (!isPartitioned && !wouldPartition) return null;
  return (
    <span className={classes(styles.partitionBorder, !isPartitioned && styles.ghostPartition)}>
      <span>device</span>
      <span>server</span>
    </span>
  );
}
