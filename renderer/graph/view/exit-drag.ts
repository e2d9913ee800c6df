import type { PointerEvent as ReactPointerEvent } from "react";
import { useDesign } from "../../state/design-store.ts";
import { canPlaceExit } from "../../state/live/plan-editing.ts";
import { useProject } from "../../state/project-store.ts";
import { nearestCut } from "../geometry/nearest-cut.ts";
import { currentCanvas } from "./canvas.ts";
import { placeExit } from "./graph-actions.ts";
import { showDrag, useGraph } from "./graph-store.ts";

/** A press that moves less is a click, px. */
const slop = 4;

/**
 * Drags an exit: from the toolbar if `from` is null, else from the cut point of this tensor. It lands on the nearest free
 * cut point; Escape, or letting go outside the graph, leaves the plan as it was.
 */
export function startExitDrag(press: ReactPointerEvent, from: string | null): void {
  if (press.button !== 0) return;
  const { clientX: startX, clientY: startY } = press;
  let dragging = false;
  const move = ({ clientX: x, clientY: y }: PointerEvent) => {
    if (!dragging && Math.hypot(x - startX, y - startY) < slop) return;
    dragging = true;
    showDrag({ from, x, y, over: landing(x, y, from) });
  };
  const end = () => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", drop);
    window.removeEventListener("pointercancel", end);
    window.removeEventListener("keydown", cancel, true);
    showDrag(null);
  };
  const drop = () => {
    const over = useGraph.getState().drag?.over;
    end();
    if (over) placeExit(from, over);
    // The click that follows belongs to the drag.
    if (dragging) swallowClick();
  };
  const cancel = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    end();
    window.addEventListener("pointerup", swallowClick, { once: true });
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", drop);
  window.addEventListener("pointercancel", end);
  window.addEventListener("keydown", cancel, true);
}

function swallowClick(): void {
  const swallow = (event: MouseEvent) => event.stopPropagation();
  window.addEventListener("click", swallow, { capture: true, once: true });
  // It follows at once or not at all.
  setTimeout(() => window.removeEventListener("click", swallow, true), 50);
}

/** Tensor of the free cut point that is nearest; null outside the graph, and where the exit comes from. */
function landing(x: number, y: number, from: string | null): string | null {
  const canvas = currentCanvas();
  const { project } = useProject.getState();
  if (!canvas || !project) return null;
  const { left, top, right, bottom } = canvas.pane.getBoundingClientRect();
  if (x < left || x > right || y < top || y > bottom) return null;
  const design = useDesign.getState();
  const places = canvas.scene.cuts.filter(
    ({ cut: { tensor } }) => tensor === from || canPlaceExit(project, design, { cutPoint: tensor }),
  );
  const nearest = nearestCut(places, canvas.flow.screenToFlowPosition({ x, y }))?.cut.tensor;
  return nearest === undefined || nearest === from ? null : nearest;
}
