import type { NodeProps } from "@xyflow/react";
import { ChevronDown, LoaderCircle } from "lucide-react";
import { memo } from "react";
import { featureText } from "../../../../shared/model/backbone.ts";
import type { BlockNode } from "../../geometry/graph-elements.ts";
import { useGraph } from "../graph-store.ts";
import { classes, domId, useBlockSelected, useFocused, useFound, useHeat } from "../marks.ts";
import { BlockName } from "./BlockName.tsx";
import { BlockToggle } from "./BlockToggle.tsx";
import { DifferenceMark } from "./DifferenceMark.tsx";
import styles from "./nodes.module.css";
import { useBlockText } from "./use-block-text.ts";

/** A block as one card: its name, the shape it gives, its cost as colour. */
export const BlockCard = memo(function BlockCard({ id, data: { placed } }: NodeProps<BlockNode>) {
  const { block } = placed;
  const heat = useHeat(block.cost);
  const focused = useFocused(id);
  const selected = useBlockSelected(block);
  const opening = useGraph((state) => state.opening.has(id));
  const found = useFound().blocks.get(id);
  const text = useBlockText(block, false);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      id={domId(id)}
      data-focused={focused || undefined}
      role="group"
      aria-label={text}
      aria-disabled={!placed.isOn || undefined}
      className={classes(
        styles.block,
        selected && styles.selected,
        found !== undefined && styles.found,
        heat?.ink === "white" && styles.onDark,
        heat?.ink === "black" && styles.onLight,
      )}
      style={heat && { background: heat.background }}
    >
      <DifferenceMark block={block} />
      <BlockName label={block.label} />
      <span className={styles.detail}>
        {block.cutPoint ? featureText(block.cutPoint, "×") : `${block.nodes.length} operators`}
      </span>
      <BlockToggle block={block} verb="Expand">
        {opening ? <LoaderCircle size={11} /> : <ChevronDown size={12} />}
      </BlockToggle>
      {found !== undefined && <span className={styles.badge}>{found}</span>}
    </div>
  );
});
