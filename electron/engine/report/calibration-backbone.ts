import type { ReportData } from "./report-data.ts";

/** The backbone as a point on the chart of the calibration split. */
export interface ChartedBackbone {
  readonly accuracy: number;
  readonly latencyMs: number;
  /** Where the accuracy comes from: `test` only if no search kept the backbone's own figures. */
  readonly split: "calibration" | "test";
}

/**
 * Searches work on the calibration split, and offer the backbone alone as the plan without exits.
 * Where plans that beat it have driven it off every front, its accuracy on the test split stands in.
 */
export function calibrationBackbone({ front, summary }: ReportData): ChartedBackbone {
  const charted = front.searches.flatMap((search) => search.front);
  const alone = charted.find(({ exits }) => exits.length === 0);
  if (alone) return { accuracy: alone.accuracy, latencyMs: alone.latencyMs, split: "calibration" };
  return { accuracy: summary.backbone.accuracy, latencyMs: front.reference.latencyMs, split: "test" };
}
