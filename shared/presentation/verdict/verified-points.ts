import { formatPercent } from "../../base/format-number.ts";
import { planColumns } from "../plans/plan-columns.ts";
import { type Figure, type Verified, verifiedRows } from "./verified-figures.ts";

/** One set of thresholds that exported files were run with. */
export interface VerifiedPoint {
  readonly name: string;
  readonly accuracy: PredictedFigure;
  readonly meanLatency: PredictedFigure;
  /** Samples whose exit and class are the table's: "100.00 %". */
  readonly agreement: string;
}

interface PredictedFigure {
  readonly predicted?: Figure;
  readonly measured?: Figure;
}

/** The exported plan and its operating points, in their order. */
export function verifiedPoints(
  own: Verified,
  points: readonly { readonly name: string; readonly verification: Verified }[],
): VerifiedPoint[] {
  return [{ name: "own thresholds", verification: own }, ...points].map(({ name, verification }) => {
    const [accuracy, ...rows] = verifiedRows(verification);
    const meanLatency = rows.find(({ title }) => title === planColumns.mean.fullTitle) ?? {};
    return { name, accuracy, meanLatency, agreement: formatPercent(verification.decisionAgreement, 2) };
  });
}
