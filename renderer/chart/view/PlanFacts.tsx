import { Check, X } from "lucide-react";
import { isSamePlan } from "../../../shared/model/plan.ts";
import { networkShares } from "../../../shared/presentation/exits/network-rows.ts";
import type { ChartedPlan } from "../../../shared/presentation/plans/charted-plans.ts";
import { markOfPlan, seriesName } from "../../../shared/presentation/plans/series.ts";
import { constraintChecks } from "../../../shared/presentation/verdict/constraint-checks.ts";
import { describePlan } from "../../../shared/presentation/words/describe-plan.ts";
import { useDesign } from "../../state/design-store.ts";
import { usePartitionNames } from "../../state/partition-names.ts";
import { usePlaceNames } from "../../state/place-names.ts";
import { usePlanColumns } from "../../state/plan-columns.ts";
import { knownFigures, usePlans } from "../../state/plan-store.ts";
import { InlineMark } from "../../ui/MarkShape.tsx";
import styles from "./PlanFacts.module.css";

/** A plan with all who found it, whether it meets the use case, and every figure that is known of it. */
export function PlanFacts({ plan }: { readonly plan: ChartedPlan }) {
  const places = usePlaceNames();
  const partitionName = usePartitionNames();
  return (
    <>
      <Finders plan={plan} />
      <Wishes plan={plan} />
      <Figures plan={plan} />
      <p className={styles.plan}>
        {describePlan(plan, places)}
        {plan.cut !== undefined && `; server takes over ${partitionName(plan)}`}
      </p>
    </>
  );
}

function Finders({ plan }: { readonly plan: ChartedPlan }) {
  const { plans, series } = usePlans();
  const finders = new Set(plans.filter((other) => isSamePlan(plan, other)).map((other) => other.series));
  return (
    <strong className={styles.finders}>
      {series.flatMap((one) =>
        finders.has(one.id)
          ? [
              <span key={one.id}>
                <InlineMark mark={markOfPlan(one, plan)} area={plan.chain ? 28 : 40} />
                {seriesName(one)}
              </span>,
            ]
          : [],
      )}
    </strong>
  );
}

/** Before all figures: what the use case asks for and the plan doesn't keep. */
function Wishes({ plan }: { readonly plan: ChartedPlan }) {
  const backbone = usePlans((state) => state.backbone);
  const useCase = useDesign((design) => design.useCase);
  const figures = plan.figures ?? knownFigures(plan);
  if (!figures || !backbone) return null;
  const missed = constraintChecks(useCase, { figures, backboneAccuracy: backbone.accuracy }).filter(
    ({ chosen }) => !chosen.isMet,
  );
  if (missed.length === 0)
    return (
      <p className={styles.met}>
        <Check size={12} aria-hidden /> meets the use case
      </p>
    );
  return missed.map(({ field, name, limit, chosen: { gap } }) => (
    <p key={field} className={styles.missed}>
      <X size={12} aria-hidden /> {`${name} ${limit} missed by ${gap}`}
    </p>
  ));
}

function Figures({ plan }: { readonly plan: ChartedPlan }) {
  const backbone = usePlans((state) => state.backbone);
  const columns = usePlanColumns();
  const places = usePlaceNames();
  const figures = plan.figures ?? knownFigures(plan);
  if (!figures || !backbone) return null;
  return (
    <dl className={styles.figures}>
      {columns
        .filter(({ isText }) => !isText)
        .map((column) => (
          <div key={column.id}>
            <dt>{column.title}</dt>
            <dd>{column.format(column.of(figures, backbone, plan))}</dd>
          </div>
        ))}
      {plan.chain && (
        <div className={styles.whole}>
          <dt>Networks</dt>
          <dd>{networkShares(plan, figures.exitRates, places.networks)}</dd>
        </div>
      )}
    </dl>
  );
}
