import { useEffect, useState } from "react";
import { isOnScreen } from "../../ui/focus.ts";
import type { Box } from "../../ui/place-beside.ts";

/** Kept free between a control and the ring around it, px. */
const reach = 4;

/** Where the first element of a selector is in the window, with some room around it, as it moves; null while it isn't on the page. */
export function useBoxOf(selector: string): Box | null {
  const [box, setBox] = useState<Box | null>(null);
  useEffect(() => {
    let frame = 0;
    // Panes are dragged, the graph is zoomed, the window is made smaller: there is no event for all of that.
    const follow = () => {
      setBox((before) => {
        const now = boxOf(document.querySelector(selector));
        return isSame(before, now) ? before : now;
      });
      frame = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(frame);
  }, [selector]);
  return box;
}

function boxOf(element: Element | null): Box | null {
  if (!element || !isOnScreen(element)) return null;
  const { left, top, width, height } = element.getBoundingClientRect();
  return { left: left - reach, top: top - reach, width: width + 2 * reach, height: height + 2 * reach };
}

function isSame(one: Box | null, other: Box | null): boolean {
  if (!one || !other) return one === other;
  return (["left", "top", "width", "height"] as const).every((side) => one[side] === other[side]);
}
