import { useMemo } from "react";
import { formatMs, formatPercent } from "../../../shared/base/format-number.ts";
import { figuresOf } from "../../../shared/evaluate/live/place-exits.ts";
import type { ExitPlace } from "../../../shared/model/plan.ts";
import { isAt } from "../../../shared/model/plan.ts";
import { planWithExit, planWithMovedExit } from "../../state/live/plan-editing.ts";
import { useLive } from "../../state/live-store.ts";
import { useOfNetwork } from "../../state/of-network.ts";
import textStyles from "../../ui/text.module.css";
import { placeText } from "../geometry/item-labels.ts";
import { currentCanvas } from "./canvas.ts";
import styles from "./DragLayer.module.css";
import { type ExitDrag, useGraph } from "./graph-store.ts";

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

function Landing({ from, over }: Pick<ExitDrag, "from" | "over">) {
  const ofNetwork = useOfNetwork(over?.member);
  const figures = usePreview(from, over);
  if (over === null) return from === null ? "Exit" : "Stays where it is";
  const placed = currentCanvas()?.scene.cuts.find((cut) => isAt(cut, over));
  return (
    <>
      {placed && <span className={textStyles.soft}>{placeText(placed, ofNetwork)}</span>}
      {figures && (
        <span>
          {formatPercent(figures.accuracy)} · {formatMs(figures.latencyMs.mean)}
        </span>
      )}
    </>
  );
}

function usePreview(from: ExitPlace | null, over: ExitPlace | null) {
  const space = useLive((state) => state.space);
  return useMemo(() => {
    if (!space || over === null) return null;
    const exits = from === null ? planWithExit(over) : planWithMovedExit(from, over);
    return exits && figuresOf(space, exits);
  }, [space, from, over]);
}
