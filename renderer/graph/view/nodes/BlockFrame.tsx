import type { NodeProps } from "@xyflow/react";
import { ChevronUp } from "lucide-react";
import { memo } from "react";
import type { BlockNode } from "../../geometry/graph-elements.ts";
import { classes, domId, useBlockSelected, useFocused } from "../marks.ts";
import { BlockName } from "./BlockName.tsx";
import { BlockToggle } from "./BlockToggle.tsx";
import { DifferenceMark } from "./DifferenceMark.tsx";
import styles from "./nodes.module.css";
import { useBlockText } from "./use-block-text.ts";

/** An expanded block: a frame around its operators. */
export const BlockFrame = memo(function BlockFrame({ id, data: { placed } }: NodeProps<BlockNode>) {
  const { block } = placed;
  const focused = useFocused(id);
  const selected = useBlockSelected(block);
  const text = useBlockText(block, true);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      id={domId(id)}
      data-focused={focused || undefined}
      role="group"
      aria-label={text}
      aria-disabled={!placed.isOn || undefined}
      className={classes(styles.frame, selected && styles.selected)}
    >
      <DifferenceMark block={block} />
      <BlockName label={block.label} />
      <BlockToggle block={block} verb="Collapse">
        <ChevronUp size={12} />
      </BlockToggle>
    </div>
  );
});
