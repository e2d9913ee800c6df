import type { PointerEvent as ReactPointerEvent } from "react";
import { type ExitPlace, isAt } from "../../../shared/model/plan.ts";
import { useDesign } from "../../state/design-store.ts";
import { canPlaceExit } from "../../state/live/plan-editing.ts";
import { useProject } from "../../state/project-store.ts";
import { nearestCut } from "../geometry/nearest-cut.ts";
import { currentCanvas } from "./canvas.ts";
import { startDrag } from "./drag.ts";
import { placeExit } from "./graph-actions.ts";
import { showDrag, useGraph } from "./graph-store.ts";

/**
 * Drags an exit: from the toolbar if `from` is null, else from its place. It lands on the nearest free place of the plan's
 * networks; Escape, or letting go outside the graph, leaves the plan as it was.
 */
export function startExitDrag(press: ReactPointerEvent, from: ExitPlace | null): void {
  startDrag(press, {
    move: ({ x, y }) => showDrag({ from, x, y, over: landing(x, y, from) }),
    drop: () => {
      const over = useGraph.getState().drag?.over;
      showDrag(null);
      if (over) placeExit(from, over);
    },
    cancel: () => showDrag(null),
  });
}

/** The free place that is nearest; null outside the graph, and where the exit comes from. */
function landing(x: number, y: number, from: ExitPlace | null): ExitPlace | null {
  const canvas = currentCanvas();
  const { project } = useProject.getState();
  if (!canvas || !project) return null;
  const { left, top, right, bottom } = canvas.pane.getBoundingClientRect();
  if (x < left || x > right || y < top || y > bottom) return null;
  const design = useDesign.getState();
  const isOwn = (place: ExitPlace) => from !== null && isAt(place, from);
  const places = canvas.scene.cuts.filter((place) => isOwn(place) || canPlaceExit(project, design, place));
  const nearest = nearestCut(places, canvas.flow.screenToFlowPosition({ x, y }));
  if (!nearest || isOwn(nearest)) return null;
  const { member, cutPoint } = nearest;
  return { member, cutPoint };
}
