import { formatCount, formatPercent, formatPoints } from "../../base/format-number.ts";
import type { Summary } from "../../files/summary.ts";

/** What figures weighted by class are worth, and what accuracy is with all samples alike. */
export function describeWeighting({
  effectiveSamples,
  unweighted,
}: NonNullable<Summary["weighted"]>): string {
  const { backbone, plan, accuracyDropPp, accuracyDropHalfWidthPp } = unweighted;
  const drop = `${formatPoints(accuracyDropPp)} ± ${formatPoints(accuracyDropHalfWidthPp)}`;
  return (
    `weighted by class, worth ${formatCount(effectiveSamples)} equal samples; ` +
    `unweighted: backbone ${formatPercent(backbone, 2)}, plan ${formatPercent(plan, 2)}, drop ${drop}`
  );
}
