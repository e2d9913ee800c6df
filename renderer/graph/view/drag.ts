import type { PointerEvent as ReactPointerEvent } from "react";
import type { Point } from "../geometry/operator-graph.ts";

/** A press that moves less is a click, px. */
const slop = 4;

/** What follows a pointer from its press on; a mere click calls nothing of it. */
export interface DragHandlers {
  /** @param at the pointer in the window, px */
  move(at: Point): void;
  drop(): void;
  /** By Escape, or because the system took the pointer. */
  cancel(): void;
}

/** Follows the pointer until it is let go. */
export function startDrag(press: ReactPointerEvent, handlers: DragHandlers): void {
  if (press.button !== 0) return;
  const { clientX: startX, clientY: startY } = press;
  let dragging = false;
  const move = ({ clientX: x, clientY: y }: PointerEvent) => {
    if (!dragging && Math.hypot(x - startX, y - startY) < slop) return;
    dragging = true;
    handlers.move({ x, y });
  };
  const end = () => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", drop);
    window.removeEventListener("pointercancel", giveUp);
    window.removeEventListener("keydown", onKey, true);
  };
  const giveUp = () => {
    end();
    if (dragging) handlers.cancel();
  };
  const drop = () => {
    end();
    if (!dragging) return;
    handlers.drop();
    // The click that follows belongs to the drag.
    swallowClick();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    giveUp();
    window.addEventListener("pointerup", swallowClick, { once: true });
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", drop);
  window.addEventListener("pointercancel", giveUp);
  window.addEventListener("keydown", onKey, true);
}

function swallowClick(): void {
  const swallow = (event: MouseEvent) => event.stopPropagation();
  window.addEventListener("click", swallow, { capture: true, once: true });
  // It follows at once or not at all.
  setTimeout(() => window.removeEventListener("click", swallow, true), 50);
}
