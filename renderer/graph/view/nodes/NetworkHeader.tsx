import { type NodeProps, useStore } from "@xyflow/react";
import { GripVertical } from "lucide-react";
import { memo } from "react";
import { useView } from "../../../state/view-store.ts";
import type { NetworkNode } from "../../geometry/graph-elements.ts";
import { headerText } from "../../geometry/item-labels.ts";
import { useGraph } from "../graph-store.ts";
import { classes, domId, useFocused } from "../marks.ts";
import { startNetworkDrag, toggleNetwork, useObstacle } from "../network-actions.ts";
import { useNetworkFacts } from "../use-network-facts.ts";
import styles from "./NetworkHeader.module.css";

/** So that what is above and below the header stays free. */
const largestScale = 2.2;

/** Above a network's row: what it is, whether the plan goes through it, and what to move it by. */
export const NetworkHeader = memo(function NetworkHeader({ id, data: { placed } }: NodeProps<NetworkNode>) {
  const { network, header } = placed;
  const { name, isOn, member, sha256 } = network;
  const focused = useFocused(id);
  const dragged = useGraph((state) => state.draggedNetwork === id);
  const ghost = useView(({ hovered }) => hovered?.chain?.includes(sha256) ?? false);
  const facts = useNetworkFacts(network);
  const obstacle = useObstacle(network);
  const note = isOn ? undefined : (obstacle ?? "not in the plan");
  const role = member === undefined ? "backbone" : undefined;
  return (
    <div className={classes(styles.header, ghost && styles.ghost)}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div
        id={domId(id)}
        data-focused={focused || undefined}
        role="group"
        aria-label={headerText(network, [role, facts, note])}
        className={classes(styles.handle, "nopan", !isOn && styles.off, dragged && styles.dragged)}
        style={{ scale: useLegibleScale() }}
        onPointerDown={(event) => header && startNetworkDrag(event, network, header.y)}
      >
        <GripVertical className={styles.grip} size={15} aria-hidden="true" />
        <button
          type="button"
          role="switch"
          tabIndex={-1}
          aria-checked={isOn}
          aria-label={`Plan goes through ${name}`}
          className={styles.switch}
          onPointerDown={(event) => event.stopPropagation()}
          onClick={(event) => {
            event.stopPropagation();
            toggleNetwork(network);
          }}
        />
        <bdi className={styles.name}>{name}</bdi>
        {role && <span className={styles.role}>{role}</span>}
        {facts && <span className={styles.facts}>{facts}</span>}
        {note && <span className={styles.facts}>{note}</span>}
      </div>
    </div>
  );
});

/** What is left of the words' size when the graph is small: they shrink less than the graph. */
function useLegibleScale(): number {
  return useStore(({ transform: [, , zoom] }) => Math.min(largestScale, Math.max(1, 1 / zoom)));
}
