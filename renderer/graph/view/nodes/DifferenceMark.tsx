import type { Block } from "../../../../shared/presentation/graph/blocks.ts";
import { differenceAt } from "../../../../shared/presentation/graph/compare-networks.ts";
import { useDifference } from "../../../state/model-difference.ts";
import styles from "./nodes.module.css";

/** Marks a block of the backbone that another model, with which it is compared, hasn't or has otherwise. */
export function DifferenceMark({ block }: { readonly block: Block }) {
  const { differing } = useDifference();
  const row = differenceAt(differing, block);
  return row && <span className={styles.difference} data-difference={row.state} aria-hidden="true" />;
}
