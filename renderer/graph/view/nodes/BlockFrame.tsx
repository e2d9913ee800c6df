import type { NodeProps } from "@xyflow/react";
import { ChevronUp } from "lucide-react";
import { memo } from "react";
import type { BlockNode } from "../../geometry/graph-elements.ts";
import { toggleBlock } from "../graph-actions.ts";
import { classes, domId, useBlockSelected, useFocused } from "../marks.ts";
import { BlockName } from "./BlockName.tsx";
import styles from "./nodes.module.css";
import { useBlockText } from "./use-block-text.ts";

/** An expanded block: a frame around its operators. */
export const BlockFrame = memo(function BlockFrame({ id, data: { placed } }: NodeProps<BlockNode>) {
  const { block } = placed;
  const focused = useFocused(id);
  const selected = useBlockSelected(block.id);
  const text = useBlockText(block, true);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      id={domId(id)}
      data-focused={focused || undefined}
      role="group"
      aria-label={text}
      className={classes(styles.frame, selected && styles.selected)}
    >
      <BlockName label={block.label} />
      <button
        type="button"
        tabIndex={-1}
        className={styles.open}
        aria-label={`Collapse block ${block.index + 1}`}
        onClick={(event) => {
          event.stopPropagation();
          toggleBlock(block);
        }}
      >
        <ChevronUp size={12} />
      </button>
    </div>
  );
});
