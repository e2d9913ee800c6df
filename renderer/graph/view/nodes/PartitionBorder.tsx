import { useDesign } from "../../../state/design-store.ts";
import { useView } from "../../../state/view-store.ts";
import { classes } from "../marks.ts";
import styles from "./nodes.module.css";

/** A tensor behind which a server may take over, and the further network that it is in; the backbone if absent. */
interface BorderPlace {
  readonly member?: string;
  readonly tensor: string;
}

/** Whether a server takes over here in the live plan. */
export function useIsPartitionedAt({ member, tensor }: BorderPlace): boolean {
  return useDesign(({ offload }) => offload?.cut === tensor && offload.cutMember === member);
}

/** Marks where the live plan, or a hovered one, passes from device to server; nothing elsewhere. */
export function PartitionBorder(place: BorderPlace) {
  const isPartitioned = useIsPartitionedAt(place);
  const wouldPartition = useView(
    ({ hovered }) => hovered?.cut === place.tensor && hovered.cutMember === place.member,
  );
  if (!isPartitioned && !wouldPartition) return null;
  return (
    <span className={classes(styles.partitionBorder, !isPartitioned && styles.ghostPartition)}>
      <span>device</span>
      <span>server</span>
    </span>
  );
}
