import { memo } from "react";
import { figuresOf } from "../../../shared/evaluate/live/place-exits.ts";
import { knownPlace } from "../../../shared/presentation/chart/axes.ts";
import { type ChartFrame, pixelOf } from "../../../shared/presentation/chart/chart-frame.ts";
import { marked } from "../../../shared/presentation/chart/series-layers.ts";
import { clipName } from "../../../shared/presentation/drawing/drawing.ts";
import { backboneMark } from "../../../shared/presentation/drawing/marks.ts";
import { findSpace } from "../../../shared/space/design-space.ts";
import { livePlanOf, useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { MarkShape } from "../../ui/MarkShape.tsx";
import type { OtherTarget } from "./other-target.ts";
import styles from "./ParetoChart.module.css";

interface OtherTargetProps {
  readonly frame: ChartFrame;
  readonly other: OtherTarget;
}

/** Hollow marks where the same plans stand on the second target, each joined to where it stands on the first. */
export function OtherTargetLayer({ frame, other }: OtherTargetProps) {
  return (
    <svg className={styles.layer} width={frame.width} height={frame.height} aria-hidden="true">
      <g clipPath={`url(#${clipName(frame.box)})`}>
        <OtherFront frame={frame} other={other} />
        <OtherLive frame={frame} other={other} />
      </g>
    </svg>
  );
}

const OtherFront = memo(function OtherFront({ frame, other: { pairs, backbone } }: OtherTargetProps) {
  const places = new Map(pairs.map(({ here, there }) => [here, there]));
  const shown = marked(
    pairs.map(({ here }) => here),
    frame,
    9,
  );
  const end = pixelOf(frame, backbone);
  return (
    <>
      {shown.map(({ plan, at }) => {
        const there = pixelOf(frame, places.get(plan)!);
        return (
          <g key={plan.plan.id}>
            <line className={styles.link} x1={at.left} y1={at.top} x2={there.left} y2={there.top} />
            <circle className={styles.other} cx={there.left} cy={there.top} r={3} />
          </g>
        );
      })}
      <MarkShape mark={{ ...backboneMark, open: true }} area={80} left={end.left} top={end.top} />
    </>
  );
});

function OtherLive({ frame, other: { partitionSpaces } }: OtherTargetProps) {
  const design = useDesign();
  const here = useLive((state) => state.figures);
  const on = findSpace(partitionSpaces, livePlanOf(design));
  // Not out of the cache of figures, which every step of a drag would fill.
  const there = here && on && figuresOf(on.space, design.exits);
  const [fromPlace, toPlace] = [here, there ?? null].map((figures) => knownPlace(figures, frame.axis));
  if (!fromPlace || !toPlace) return null;
  const [from, to] = [fromPlace, toPlace].map((place) => pixelOf(frame, place));
  return (
    <>
      <line className={styles.otherLiveLink} x1={from.left} y1={from.top} x2={to.left} y2={to.top} />
      <circle className={styles.otherLive} cx={to.left} cy={to.top} r={5} />
    </>
  );
}
