import { placeOf } from "../../../shared/presentation/chart/axes.ts";
import { type ChartFrame, clampedToPlot, pixelOf } from "../../../shared/presentation/chart/chart-frame.ts";
import { useChart } from "../../state/chart-store.ts";
import { usePlans } from "../../state/plan-store.ts";
import styles from "./ParetoChart.module.css";
import { PlanFacts } from "./PlanFacts.tsx";

const width = 272;

/** What the plan under the pointer is and costs. */
export function PlanTooltip({ frame }: { readonly frame: ChartFrame }) {
  const pointed = useChart((state) => state.pointed);
  const stated = usePlans((state) => state.stated);
  const place = pointed && placeOf(pointed, frame.axis, stated);
  if (!pointed || !place) return null;
  const { left, top } = clampedToPlot(frame, pixelOf(frame, place));
  const toLeft = left + width + 20 > frame.width;
  const above = top > frame.height / 2;
  return (
    <div
      className={styles.tooltip}
      style={{
        width,
        left: Math.max(2, toLeft ? left - width - 14 : left + 14),
        ...(above ? { bottom: frame.height - top + 8 } : { top: top + 8 }),
      }}
      role="status"
    >
      <PlanFacts plan={pointed} />
    </div>
  );
}
