import { useMemo } from "react";
import { formatMs, formatPercent } from "../../../shared/base/format-number.ts";
import { figuresOf } from "../../../shared/evaluate/live/place-exits.ts";
import { useBlocks } from "../../state/current-graph.ts";
import { planWithExit, planWithMovedExit } from "../../state/live/plan-editing.ts";
import { useLive } from "../../state/live-store.ts";
import textStyles from "../../ui/text.module.css";
import styles from "./DragLayer.module.css";
import { useGraph } from "./graph-store.ts";

/** The exit under the pointer, with what the plan would be if it were let go here. */
export function DragLayer() {
  const drag = useGraph((state) => state.drag);
  if (!drag) return null;
  return (
    <div className={styles.dragged} style={{ left: drag.x + 14, top: drag.y + 12 }} role="status">
      <Landing from={drag.from} over={drag.over} />
    </div>
  );
}

function Landing({ from, over }: { readonly from: string | null; readonly over: string | null }) {
  const blocks = useBlocks();
  const figures = usePreview(from, over);
  if (over === null) return from === null ? "Exit" : "Stays where it is";
  const block = blocks.find(({ cutPoint }) => cutPoint?.tensor === over);
  return (
    <>
      <span className={textStyles.soft}>after block {(block?.index ?? 0) + 1}</span>
      {figures && (
        <span>
          {formatPercent(figures.accuracy)} · {formatMs(figures.latencyMs.mean)}
        </span>
      )}
    </>
  );
}

function usePreview(from: string | null, over: string | null) {
  const space = useLive((state) => state.space);
  return useMemo(() => {
    if (!space || over === null) return null;
    const exits =
      from === null
        ? planWithExit({ cutPoint: over })
        : planWithMovedExit({ cutPoint: from }, { cutPoint: over });
    return exits && figuresOf(space, exits);
  }, [space, from, over]);
}
