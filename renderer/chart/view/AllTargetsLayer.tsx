import { knownPlace } from "../../../shared/presentation/chart/axes.ts";
import { type ChartFrame, clampedToPlot, pixelOf } from "../../../shared/presentation/chart/chart-frame.ts";
import { targetLabels } from "../../../shared/presentation/chart/target-labels.ts";
import { backboneMark } from "../../../shared/presentation/drawing/marks.ts";
import { livePlanOf, useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { MarkShape } from "../../ui/MarkShape.tsx";
import { placeOn, type TargetBeside } from "./all-targets.ts";
import styles from "./ParetoChart.module.css";

interface AllTargetsProps {
  readonly frame: ChartFrame;
  readonly targets: readonly TargetBeside[];
}

/** The live plan as it is on every other target, joined to where it stands on the chosen one, and the backbone there. */
export function AllTargetsLayer({ frame, targets }: AllTargetsProps) {
  const design = useDesign();
  const here = useLive((state) => state.figures);
  const plan = livePlanOf(design);
  const marks = targets.flatMap((target) => {
    const place = placeOn(target, plan, frame.axis);
    if (!place) return [];
    const at = clampedToPlot(frame, pixelOf(frame, place));
    return [{ name: target.name, at, backbone: pixelOf(frame, target.backbone), id: target.id }];
  });
  const place = knownPlace(here, frame.axis);
  const from = place && pixelOf(frame, place);
  return (
    <svg className={styles.layer} width={frame.width} height={frame.height} aria-hidden="true">
      {marks.map(({ id, at, backbone }) => (
        <g key={id}>
          {from && (
            <line className={styles.otherLiveLink} x1={from.left} y1={from.top} x2={at.left} y2={at.top} />
          )}
          <circle className={styles.otherLive} cx={at.left} cy={at.top} r={5} />
          <MarkShape
            mark={{ ...backboneMark, open: true }}
            area={60}
            left={backbone.left}
            top={backbone.top}
          />
        </g>
      ))}
      {targetLabels(marks, frame.box).map(({ text, left, top, anchor }, at) => (
        <text
          key={marks[at].id}
          className={styles.targetName}
          x={left}
          y={top}
          dominantBaseline="central"
          textAnchor={anchor}
        >
          {text}
        </text>
      ))}
    </svg>
  );
}
