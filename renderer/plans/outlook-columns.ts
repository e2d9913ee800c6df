import { outlookColumns, type PlanColumn } from "../../shared/presentation/plans/plan-columns.ts";
import { knownOutlook, type OutlookBasis } from "../../shared/presentation/plans/safe-plan.ts";

/** What is to be expected of plans on new images; no columns where that can't be told of any. */
export function columnsOn(basis: OutlookBasis | undefined): PlanColumn[] {
  if (!basis?.bounds || "none" in basis.bounds) return [];
  return outlookColumns((plan, figures) => knownOutlook(plan, figures, basis));
}
