import { useDesign } from "../../../state/design-store.ts";
import { useView } from "../../../state/view-store.ts";
import { classes } from "../marks.ts";
import styles from "./nodes.module.css";

/** Whether a server takes over at a tensor in the live plan. */
export function useParts(tensor: string | undefined): boolean {
  return useDesign(({ offload }) => offload?.cut !== undefined && offload.cut === tensor);
}

/** Where the live plan, or a hovered one, goes over from device to server; nothing at other tensors. */
export function Parting({ tensor }: { readonly tensor: string }) {
  const parts = useParts(tensor);
  const wouldPart = useView(({ hovered }) => hovered?.cut === tensor);
  if (!parts && !wouldPart) return null;
  return (
    <span className={classes(styles.parting, !parts && styles.ghostParting)}>
      <span>device</span>
      <span>server</span>
    </span>
  );
}
