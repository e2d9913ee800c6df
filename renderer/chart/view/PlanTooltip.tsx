import {
  formatBytes,
  formatEnergy,
  formatFactor,
  formatMs,
  formatPercent,
  formatQuantity,
  formatSignedPoints,
} from "../../../shared/base/format-number.ts";
import { placeOf } from "../../../shared/presentation/chart/axes.ts";
import { type ChartFrame, clampedToPlot, pixelOf } from "../../../shared/presentation/chart/chart-frame.ts";
import { networkShares } from "../../../shared/presentation/exits/network-rows.ts";
import type { ChartedPlan } from "../../../shared/presentation/plans/charted-plans.ts";
import { markOfPlan, seriesName } from "../../../shared/presentation/plans/series.ts";
import { describePlan } from "../../../shared/presentation/words/describe-plan.ts";
import { useChart } from "../../state/chart-store.ts";
import { usePartitionNames } from "../../state/partition-names.ts";
import { usePlaceNames } from "../../state/place-names.ts";
import { knownFigures, usePlans } from "../../state/plan-store.ts";
import { InlineMark } from "../../ui/MarkShape.tsx";
import styles from "./ParetoChart.module.css";

const width = 256;

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
      <PlanSummary plan={pointed} />
    </div>
  );
}

function PlanSummary({ plan }: { readonly plan: ChartedPlan }) {
  const series = usePlans((state) => state.series.find(({ id }) => id === plan.series));
  const backbone = usePlans((state) => state.backbone);
  const places = usePlaceNames();
  const partitionName = usePartitionNames();
  const figures = plan.figures ?? knownFigures(plan);
  return (
    <>
      <strong>
        {series && <InlineMark mark={markOfPlan(series, plan)} area={plan.chain ? 28 : 40} />}
        {series && seriesName(series)}
      </strong>
      {figures && backbone && (
        <dl>
          <dt>Accuracy</dt>
          <dd>
            {formatPercent(figures.accuracy, 2)} (
            {formatSignedPoints(100 * (figures.accuracy - backbone.accuracy))})
          </dd>
          <dt>Latency</dt>
          <dd>
            {formatMs(figures.latencyMs.mean)} mean, {formatMs(figures.latencyMs.p95)} p95
            {figures.energyMillijoules !== undefined && `, ${formatEnergy(figures.energyMillijoules)}`}
          </dd>
          <dt>Speed-up</dt>
          <dd>{formatFactor(backbone.latencyMs / figures.latencyMs.mean)}</dd>
          <dt>Cost</dt>
          <dd>
            {formatQuantity(figures.macs)} MACs, {formatBytes(figures.bytes)}
          </dd>
          {plan.chain && (
            <>
              <dt>Networks</dt>
              <dd>{networkShares(plan, figures.exitRates, places.networks)}</dd>
            </>
          )}
        </dl>
      )}
      <p>
        {describePlan(plan, places)}
        {plan.cut !== undefined && `; server takes over ${partitionName(plan)}`}
      </p>
    </>
  );
}
