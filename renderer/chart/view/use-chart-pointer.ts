import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef } from "react";
import { isSamePlan } from "../../../shared/model/plan.ts";
import {
  type ChartFrame,
  clampedToPlot,
  isInPlot,
  placeAt,
} from "../../../shared/presentation/chart/chart-frame.ts";
import type { PlacedPlan } from "../../../shared/presentation/chart/series-layers.ts";
import type { Pixel } from "../../../shared/presentation/drawing/drawing.ts";
import { isBrushed, rectangleBetween } from "../../state/brush.ts";
import { changeBrush, clearBrush, pointAt, useChart, zoomChart } from "../../state/chart-store.ts";
import { livePlanOf, takePlan, useDesign } from "../../state/design-store.ts";
import { useView } from "../../state/view-store.ts";
import { nearestPlan } from "../geometry/nearest-plan.ts";
import { moved, zoomed } from "../geometry/zoom.ts";

/** How near the pointer has to come to a plan, px. */
const reach = 12;

/** How far a press may move and still be a click, px. */
const clickTolerance = 4;

interface Press {
  readonly kind: "pan" | "brush";
  readonly start: Pixel;
  readonly frame: ChartFrame;
  moved: boolean;
}

/**
 * What pointer and keys do on the chart: hover, take, brush with Shift, pan, zoom with the wheel; arrow keys step
 * along our front.
 * @param plans those that can be pointed at
 * @param ours our front by rising cost
 */
export function useChartPointer(
  surface: RefObject<HTMLDivElement | null>,
  frame: ChartFrame,
  plans: readonly PlacedPlan[],
  ours: readonly PlacedPlan[],
) {
  const press = useRef<Press | null>(null);

  useEffect(() => {
    const element = surface.current;
    if (!element) return;
    // React's own wheel listener is passive and can't keep the page from scrolling.
    let turned = 0;
    let next = 0;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = pixelIn(element, event);
      turned += Math.max(-50, Math.min(50, event.deltaY));
      // However fast the wheel turns, the chart is drawn once a frame.
      cancelAnimationFrame(next);
      next = requestAnimationFrame(() => {
        const factor = Math.exp(turned / 250);
        turned = 0;
        zoomChart({ x: zoomed(frame.x, left, factor), y: zoomed(frame.y, top, factor) });
      });
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      cancelAnimationFrame(next);
      element.removeEventListener("wheel", onWheel);
    };
  }, [surface, frame]);

  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const at = pixelIn(event.currentTarget, event);
    const current = press.current;
    if (!current) {
      pointAt((isInPlot(frame, at, 6) ? nearestPlan(plans, frame, at, reach) : null)?.plan ?? null);
      return;
    }
    const { start } = current;
    if (!current.moved && Math.hypot(at.left - start.left, at.top - start.top) < clickTolerance) return;
    current.moved = true;
    pointAt(null);
    if (current.kind === "brush") brushBetween(current.frame, start, at);
    else
      zoomChart({
        x: moved(current.frame.x, at.left - start.left),
        y: moved(current.frame.y, at.top - start.top),
      });
  };

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    press.current = {
      kind: event.shiftKey ? "brush" : "pan",
      start: pixelIn(event.currentTarget, event),
      frame,
      moved: false,
    };
  };

  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    const ended = press.current;
    press.current = null;
    if (!ended || ended.moved) return;
    const plan = nearestPlan(plans, frame, pixelIn(event.currentTarget, event), reach);
    if (plan?.plan.role === "other") return;
    if (plan) takePlan(plan.plan);
    else if (useChart.getState().brush.rectangle) changeBrush(() => ({ rectangle: null }));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const { hovered } = useView.getState();
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined && ours.length > 0) {
      const current = hovered ? ours.findIndex(({ plan }) => isSamePlan(plan, hovered)) : -1;
      const next = current < 0 ? nearestToLive(ours) : current + step;
      pointAt(ours[Math.min(ours.length - 1, Math.max(0, next))].plan);
    } else if (event.key === "Enter" && hovered) takePlan(hovered);
    else if (event.key === "Escape" && isBrushed(useChart.getState().brush)) clearBrush();
    else if (event.key === "Escape") pointAt(null);
    else return;
    event.preventDefault();
  };

  return {
    onPointerMove,
    onPointerDown,
    onPointerUp,
    onPointerCancel: () => {
      press.current = null;
    },
    onPointerLeave: () => pointAt(null),
    onDoubleClick: () => zoomChart(null),
    onKeyDown,
    onBlur: () => pointAt(null),
  };
}

function nearestToLive(ours: readonly PlacedPlan[]): number {
  const live = livePlanOf(useDesign.getState());
  return Math.max(
    0,
    ours.findIndex(({ plan }) => isSamePlan(plan, live)),
  );
}

function brushBetween(frame: ChartFrame, start: Pixel, end: Pixel): void {
  const [one, other] = [start, end].map((pixel) => placeAt(frame, clampedToPlot(frame, pixel)));
  changeBrush(() => ({ rectangle: rectangleBetween(one, other) }));
}

function pixelIn(element: Element, event: { readonly clientX: number; readonly clientY: number }): Pixel {
  const { left, top } = element.getBoundingClientRect();
  return { left: event.clientX - left, top: event.clientY - top };
}
