import { placeOf } from "../../../shared/presentation/chart/axes.ts";
import { type ChartFrame, clampedToPlot, pixelOf } from "../../../shared/presentation/chart/chart-frame.ts";
import { otherPlace } from "../../../shared/presentation/chart/other-fronts.ts";
import { useChart } from "../../state/chart-store.ts";
import { currentGround, otherPlanOf } from "../../state/other-fronts.ts";
import { usePlans } from "../../state/plan-store.ts";
import { Beside } from "../../ui/Beside.tsx";
import { OtherPlanFacts } from "./OtherPlanFacts.tsx";
import styles from "./ParetoChart.module.css";
import { PlanFacts } from "./PlanFacts.tsx";

/** A mark with what is drawn around it, from its middle, px. */
const reach = 10;
const besides = ["right", "left"] as const;

/** What the plan under the pointer is and costs. */
export function PlanTooltip({ frame }: { readonly frame: ChartFrame }) {
  const pointed = useChart((state) => state.pointed);
  const stated = usePlans((state) => state.stated);
  const other = pointed && otherPlanOf(pointed);
  const here = currentGround();
  const place = other
    ? here && otherPlace(other.front, other.own, here, frame.axis)
    : pointed && placeOf(pointed, frame.axis, stated);
  if (!pointed || !place) return null;
  const { left, top } = clampedToPlot(frame, pixelOf(frame, place));
  return (
    <Beside
      role="status"
      className={styles.tooltip}
      anchor={{ left: left - reach, top: top - reach, width: 2 * reach, height: 2 * reach }}
      from="parent"
      prefer={besides}
    >
      {other ? <OtherPlanFacts front={other.front} plan={other.own} /> : <PlanFacts plan={pointed} />}
    </Beside>
  );
}
