import type { ReactNode } from "react";
import type { Block } from "../../../../shared/presentation/graph/blocks.ts";
import { useOfNetwork } from "../../../state/of-network.ts";
import { toggleBlock } from "../graph-actions.ts";
import styles from "./nodes.module.css";

interface BlockToggleProps {
  readonly block: Block;
  /** What pressing it does, as "Expand". */
  readonly verb: string;
  readonly children: ReactNode;
}

/** Opens or closes a block; a key does the same, so it is no stop for the keyboard. */
export function BlockToggle({ block, verb, children }: BlockToggleProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      className={styles.open}
      aria-label={`${verb} block ${block.index}${useOfNetwork(block.member)}`}
      onClick={(event) => {
        event.stopPropagation();
        toggleBlock(block);
      }}
    >
      {children}
    </button>
  );
}
