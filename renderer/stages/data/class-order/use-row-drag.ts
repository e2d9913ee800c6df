import { type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";

/** How far a press on a row may move before it drags it, px. */
const clickTolerance = 4;

/** Near its edges the list scrolls: within so many px, by so many px a frame. */
const edge = 20;
const scrollStep = 8;

interface Rows {
  /** Of a row, px. */
  readonly height: number;
  readonly count: number;
}

interface Press {
  readonly startY: number;
  /** In the window, px. */
  y: number;
  /** Where the row is that was pressed. */
  place: number;
  isDragging: boolean;
}

/** Rows of a scrolling list that are dragged to other places: they go there while they are dragged. */
export function useRowDrag(
  scroller: RefObject<HTMLElement | null>,
  rows: Rows,
  onPress: (place: number) => void,
  onMove: (from: number, to: number) => void,
) {
  const press = useRef<Press | null>(null);
  const frame = useRef(0);
  const [dragged, setDragged] = useState<number | null>(null);
  // Frames go on between renders, and must not move what an earlier one showed.
  const move = useRef(onMove);
  move.current = onMove;
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const placeAt = (y: number) => {
    const { scrollTop } = scroller.current!;
    const { top } = scroller.current!.getBoundingClientRect();
    return Math.max(0, Math.min(rows.count - 1, Math.floor((y - top + scrollTop) / rows.height)));
  };
  const follow = () => {
    const pressed = press.current;
    if (!pressed?.isDragging) return;
    scroller.current!.scrollTop += scrollAt(scroller.current!, pressed.y);
    const place = placeAt(pressed.y);
    if (place !== pressed.place) {
      move.current(pressed.place, place);
      pressed.place = place;
      setDragged(place);
    }
    frame.current = requestAnimationFrame(follow);
  };
  const end = () => {
    press.current = null;
    cancelAnimationFrame(frame.current);
    setDragged(null);
  };
  return {
    /** The place of the row that is dragged. */
    dragged,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0 || !isOnRow(event)) return;
        const place = placeAt(event.clientY);
        onPress(place);
        press.current = { startY: event.clientY, y: event.clientY, place, isDragging: false };
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const pressed = press.current;
        if (!pressed) return;
        pressed.y = event.clientY;
        if (pressed.isDragging || Math.abs(event.clientY - pressed.startY) < clickTolerance) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        pressed.isDragging = true;
        setDragged(pressed.place);
        follow();
      },
      onPointerUp: end,
      onPointerCancel: end,
    },
  };
}

/** And not on the list's scroll bar. */
function isOnRow({ target }: PointerEvent): boolean {
  return target instanceof Element && target.closest("[role=option]") !== null;
}

function scrollAt(scroller: HTMLElement, y: number): number {
  const { top, bottom } = scroller.getBoundingClientRect();
  if (y < top + edge) return -scrollStep;
  return y > bottom - edge ? scrollStep : 0;
}
