import { useEffect, useRef } from "react";
import { knownPlace, type Place } from "../../../shared/presentation/chart/axes.ts";
import {
  type ChartFrame,
  clampedToPlot,
  isInPlot,
  pixelOf,
} from "../../../shared/presentation/chart/chart-frame.ts";
import { type LabelledPoint, labelsBeside } from "../../../shared/presentation/chart/chart-labels.ts";
import type { PlacedLabel, Surroundings } from "../../../shared/presentation/chart/label-solver.ts";
import { leaderPath } from "../../../shared/presentation/chart/pareto-drawing.ts";
import { clipName } from "../../../shared/presentation/drawing/drawing.ts";
import { planMark, planMarkArea } from "../../../shared/presentation/drawing/marks.ts";
import { history } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { MarkShape } from "../../ui/MarkShape.tsx";
import { extendTrail } from "../geometry/live-trail.ts";
import styles from "./ParetoChart.module.css";

interface LiveMarkProps {
  readonly frame: ChartFrame;
  /** Texts that stand already. */
  readonly labels: readonly PlacedLabel[];
  readonly around: Surroundings;
}

/**
 * The live plan, which follows every change at once. It writes into its own elements instead of rendering, so that
 * a slider that is dragged costs the chart nothing else.
 */
export function LiveMark({ frame, labels, around }: LiveMarkProps) {
  const group = useRef<SVGGElement>(null);
  const label = useRef<SVGTextElement>(null);
  const leader = useRef<SVGPathElement>(null);
  const trailLine = useRef<SVGPolylineElement>(null);
  const trail = useRef<readonly Place[]>([]);
  useEffect(() => {
    const draw = () => {
      const { figures } = useLive.getState();
      if (!group.current || !trailLine.current) return;
      const place = knownPlace(figures, frame.axis);
      group.current.style.display = place ? "" : "none";
      if (!place) return showLabel(label.current, leader.current, undefined);
      const at = pixelOf(frame, place);
      const point = livePoint(frame, place);
      group.current.setAttribute("transform", `translate(${point.at.left},${point.at.top})`);
      group.current.classList.toggle(styles.outside, !isInPlot(frame, at));
      showLabel(label.current, leader.current, labelsBeside([point], labels, around)[0]);
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
  }, [frame, labels, around]);
  return (
    <svg className={styles.layer} width={frame.width} height={frame.height} aria-hidden="true">
      <polyline ref={trailLine} className={styles.trail} clipPath={`url(#${clipName(frame.box)})`} />
      <g ref={group}>
        <MarkShape mark={planMark} area={planMarkArea} />
        <circle className={styles.liveDot} r={1.75} />
      </g>
      <path ref={leader} className={styles.liveLeader} />
      <text ref={label} className={styles.liveName} />
    </svg>
  );
}

/** The live plan as a point that bears a text. */
export function livePoint(frame: ChartFrame, place: Place): LabelledPoint {
  const at = pixelOf(frame, place);
  const name = isInPlot(frame, at) ? "you" : "you (outside)";
  return { key: "plan", name, at: clampedToPlot(frame, at), area: planMarkArea, strong: true };
}

function showLabel(
  text: SVGTextElement | null,
  leader: SVGPathElement | null,
  placed: PlacedLabel | undefined,
): void {
  if (!text || !leader) return;
  text.textContent = placed?.text ?? "";
  leader.setAttribute("d", placed?.leader ? leaderPath(placed.leader) : "");
  if (!placed) return;
  text.setAttribute("x", String(placed.place.left));
  text.setAttribute("y", String(placed.place.top));
  text.setAttribute("text-anchor", placed.place.anchor);
}
