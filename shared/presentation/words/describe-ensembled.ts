import { formatMs, formatPercent } from "../../base/format-number.ts";
import type { PlanFigures } from "../../model/plan.ts";

/** What is predicted of a plan whose exits answer together, beside the plan that it was made of. */
export function describeEnsembled({
  together,
  alone,
}: {
  readonly together: PlanFigures;
  readonly alone: PlanFigures;
}): string {
  return `Predicted on the calibration split: together ${figures(together)}; each exit alone ${figures(alone)}`;
}

function figures({ accuracy, latencyMs }: PlanFigures): string {
  return `${formatPercent(accuracy)}, ${formatMs(latencyMs.mean)} mean`;
}
