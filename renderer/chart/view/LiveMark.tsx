import { useEffect, useRef } from "react";
import { knownPlace, type Place } from "../../../shared/presentation/chart/axes.ts";
import {
  type ChartFrame,
  clampedToPlot,
  isInPlot,
  pixelOf,
} from "../../../shared/presentation/chart/chart-frame.ts";
import { clipName } from "../../../shared/presentation/drawing/drawing.ts";
import { planMark, planMarkArea } from "../../../shared/presentation/drawing/marks.ts";
import { history } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { MarkShape } from "../../ui/MarkShape.tsx";
import { extendTrail } from "../geometry/live-trail.ts";
import styles from "./ParetoChart.module.css";

/**
 * The live plan, which follows every change at once. It writes into its own elements instead of rendering, so that
 * a slider that is dragged costs the chart nothing else.
 */
export function LiveMark({ frame }: { readonly frame: ChartFrame }) {
  const group = useRef<SVGGElement>(null);
  const trailLine = useRef<SVGPolylineElement>(null);
  const trail = useRef<readonly Place[]>([]);
  useEffect(() => {
    const draw = () => {
      const { figures } = useLive.getState();
      if (!group.current || !trailLine.current) return;
      const place = knownPlace(figures, frame.axis);
      group.current.style.display = place ? "" : "none";
      if (!place) return;
      const at = pixelOf(frame, place);
      const { left, top } = clampedToPlot(frame, at);
      group.current.setAttribute("transform", `translate(${left},${top})`);
      group.current.classList.toggle(styles.outside, !isInPlot(frame, at));
      const text = group.current.querySelector("text")!;
      const nearRight = left > frame.box.right - 40;
      text.setAttribute("x", nearRight ? "-9" : "9");
      text.setAttribute("text-anchor", nearRight ? "end" : "start");
      text.setAttribute("y", top > frame.box.bottom - 20 ? "-7" : "15");
      text.textContent = isInPlot(frame, at) ? "you" : "you (outside)";
      const points = trail.current.map((place) => pixelOf(frame, place));
      trailLine.current.setAttribute(
        "points",
        [...points, at].map((point) => `${point.left.toFixed(1)},${point.top.toFixed(1)}`).join(" "),
      );
    };
    draw();
    return useLive.subscribe(({ figures }, before) => {
      if (figures === before.figures) return;
      const from = knownPlace(before.figures, frame.axis);
      trail.current = from ? extendTrail(trail.current, from, !history().isTracking) : [];
      draw();
    });
  }, [frame]);
  return (
    <svg className={styles.layer} width={frame.width} height={frame.height} aria-hidden="true">
      <polyline ref={trailLine} className={styles.trail} clipPath={`url(#${clipName(frame.box)})`} />
      <g ref={group} className={styles.live}>
        <MarkShape mark={planMark} area={planMarkArea} />
        <circle className={styles.liveDot} r={1.75} />
        <text>you</text>
      </g>
    </svg>
  );
}
