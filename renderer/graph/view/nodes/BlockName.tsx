import { shortened } from "../../geometry/item-labels.ts";
import styles from "./nodes.module.css";

/** A block's label. Where there's no room its beginning goes: `features.10` and `features.11` differ in the end. */
export function BlockName({ label }: { readonly label: string }) {
  return (
    <span className={styles.name}>
      <bdi>{shortened(label)}</bdi>
    </span>
  );
}
