import { knownPlace } from "../../../shared/presentation/chart/axes.ts";
import { type ChartFrame, clampedToPlot, pixelOf } from "../../../shared/presentation/chart/chart-frame.ts";
import { labelsBeside } from "../../../shared/presentation/chart/chart-labels.ts";
import type { PlacedLabel, Surroundings } from "../../../shared/presentation/chart/label-solver.ts";
import { labelShapes } from "../../../shared/presentation/chart/pareto-drawing.ts";
import { backboneMark } from "../../../shared/presentation/drawing/marks.ts";
import { shorten } from "../../../shared/presentation/words/shorten.ts";
import { livePlanOf, useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { Shapes } from "../../ui/Drawing.tsx";
import { MarkShape } from "../../ui/MarkShape.tsx";
import type { PlacesBeside } from "./all-targets.ts";
import { livePoint } from "./LiveMark.tsx";
import styles from "./ParetoChart.module.css";

/** Of a target's mark, px. */
const radius = 5;
const area = Math.PI * radius ** 2;
/** Between the live plan's own name and theirs, px. */
const room = 6;
/** What a name is cut to where it has no room. */
const shortLetters = 18;

interface AllTargetsProps {
  readonly frame: ChartFrame;
  readonly beside: PlacesBeside;
  /** Texts that stand already. */
  readonly labels: readonly PlacedLabel[];
  readonly around: Surroundings;
}

/** The live plan as it is on every other target, joined to where it stands on the chosen one, and the backbone there. */
export function AllTargetsLayer({ frame, beside, labels, around }: AllTargetsProps) {
  const design = useDesign();
  const here = useLive((state) => state.figures);
  const plan = livePlanOf(design);
  const places = beside.placesOf(plan);
  const marks = beside.targets.flatMap((target, index) => {
    const place = places[index];
    if (!place) return [];
    const at = clampedToPlot(frame, pixelOf(frame, place));
    return [{ name: target.name, at, backbone: pixelOf(frame, target.backbone), id: target.id }];
  });
  const place = knownPlace(here, frame.axis);
  const from = place && pixelOf(frame, place);
  const you = place ? labelsBeside([livePoint(frame, place)], labels, around) : [];
  const points = marks.map(({ id, name, at }) => {
    const shortName = shorten(name, shortLetters);
    return { key: id, name, shortName, at, area, strong: false };
  });
  const names = labelsBeside(points, [...labels, ...you.map(withRoom)], around);
  return (
    <svg className={styles.layer} width={frame.width} height={frame.height} aria-hidden="true">
      {marks.map(({ id, at, backbone }) => (
        <g key={id}>
          {from && (
            <line className={styles.otherLiveLink} x1={from.left} y1={from.top} x2={at.left} y2={at.top} />
          )}
          <circle className={styles.otherLive} cx={at.left} cy={at.top} r={radius} />
          <MarkShape
            mark={{ ...backboneMark, open: true }}
            area={60}
            left={backbone.left}
            top={backbone.top}
          />
        </g>
      ))}
      <Shapes shapes={labelShapes(names.map((own) => ({ ...own, ink: "series-live-ink", strong: false })))} />
    </svg>
  );
}

/** Names in one ink would read as one. */
function withRoom(label: PlacedLabel): PlacedLabel {
  const { area } = label;
  return { ...label, area: { ...area, left: area.left - room, right: area.right + room } };
}
