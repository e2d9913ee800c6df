import { type KeyboardEvent, useEffect } from "react";
import { beginGesture, endGesture } from "../../state/design-store.ts";

const changingKeys = new Set([
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "PageUp",
  "PageDown",
  "Home",
  "End",
]);

const handlers = {
  // While capturing, so that the gesture has begun before the slider within changes anything.
  onPointerDownCapture: beginGesture,
  onPointerUp: endGesture,
  onPointerCancel: endGesture,
  onLostPointerCapture: endGesture,
  onKeyDownCapture: ({ key }: KeyboardEvent) => {
    if (changingKeys.has(key)) beginGesture();
  },
  onKeyUp: endGesture,
  onBlur: endGesture,
} as const;

/** For an element around sliders: from pointer or key down to up is one step to undo. */
export function useGestureHandlers(): typeof handlers {
  useEffect(() => endGesture, []);
  return handlers;
}
