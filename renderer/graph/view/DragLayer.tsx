import { useMemo } from "react";
import { formatMs, formatPercent } from "../../../shared/base/format-number.ts";
import { figuresOf } from "../../../shared/evaluate/live/place-exits.ts";
import type { ExitPlace } from "../../../shared/model/plan.ts";
import { isAt } from "../../../shared/model/plan.ts";
import { currentNetworks } from "../../state/current-graph.ts";
import { planWithExit, planWithMovedExit } from "../../state/live/plan-editing.ts";
import { useLive } from "../../state/live-store.ts";
import { useOfNetwork } from "../../state/of-network.ts";
import { Beside } from "../../ui/Beside.tsx";
import textStyles from "../../ui/text.module.css";
import { cutIdAt } from "../geometry/exit-places.ts";
import { placeText } from "../geometry/item-labels.ts";
import { currentCanvas } from "./canvas.ts";
import styles from "./DragLayer.module.css";
import { type ExitDrag, useGraph } from "./graph-store.ts";
import { domId } from "./marks.ts";

/** The exit under the pointer, with what the plan would be if it were let go here. */
export function DragLayer() {
  const drag = useGraph((state) => state.drag);
  if (!drag) return null;
  return (
    <Beside
      role="status"
      className={styles.dragged}
      anchor={{ left: drag.x - reach, top: drag.y - reach, width: 2 * reach, height: 2 * reach }}
      from="window"
      prefer={sides}
      avoid={() => landingOf(drag.over)}
    >
      <Landing from={drag.from} over={drag.over} />
    </Beside>
  );
}

/** What the pointer covers, px. */
const reach = 12;
const sides = ["right", "left", "below"] as const;

/** The cut point that it would land at, which is drawn there with the exit. */
function landingOf(over: ExitPlace | null): readonly DOMRect[] {
  const id = over && cutIdAt(currentNetworks(), over);
  const marker = id && document.getElementById(domId(id));
  return marker ? [marker, ...marker.children].map((element) => element.getBoundingClientRect()) : [];
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
