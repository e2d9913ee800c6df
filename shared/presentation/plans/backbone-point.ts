import type { BackboneSummary } from "../../model/backbone.ts";
import type { PlanFigures } from "../../model/plan.ts";
import type { Profile } from "../../model/profile.ts";

/** The backbone as it came, on the chosen target: what plans are compared with. */
export interface BackbonePoint {
  readonly accuracy: number;
  /** Every sample takes equally long. */
  readonly latencyMs: number;
  /** Absent where the profile doesn't say it. */
  readonly energyMillijoules?: number;
  readonly macs: number;
  readonly bytes: number;
  /** The most bytes of activations alive at once; the same for every plan. Absent where they aren't known. */
  readonly peakActivationBytes?: number;
}

/** @param accuracy on the calibration split, 0-1 */
export function backbonePoint(
  { macs, parameterBytes, peakActivationBytes }: BackboneSummary,
  { backbone }: Profile,
  accuracy: number,
): BackbonePoint {
  return {
    accuracy,
    latencyMs: backbone.meanMs,
    energyMillijoules: backbone.energyMillijoules,
    macs,
    bytes: parameterBytes,
    peakActivationBytes,
  };
}

/** The backbone as a plan without exits. */
export function backboneFigures({
  accuracy,
  latencyMs,
  energyMillijoules,
  macs,
  bytes,
}: BackbonePoint): PlanFigures {
  return {
    accuracy,
    latencyMs: { mean: latencyMs, p50: latencyMs, p95: latencyMs, worst: latencyMs },
    exitRates: [1],
    ...(energyMillijoules !== undefined && { energyMillijoules }),
    macs,
    bytes,
  };
}
