import type { Verified } from "../verdict/verified-figures.ts";

const latencyMs = { mean: 0.62, p50: 0.58, p95: 1.4, worst: 2 };
const figures = { accuracy: 0.932, accuracyInterval: [0.927, 0.937] as [number, number], latencyMs };

/** A plan with one exit beside a backbone of 1.57 ms, predicted and measured; for tests. */
export function verified(change: Partial<Verified> = {}): Verified {
  return {
    backbone: { ...figures, accuracy: 0.935, latencyMs: { mean: 1.57, p50: 1.55, p95: 1.7, worst: 3 } },
    plan: {
      exits: [{ cutPoint: "a", head: "h", policy: "top1", threshold: 0.9, rate: 0.4 }],
      predicted: { ...figures, latencyMs: { ...latencyMs, mean: 0.6 } },
      profiled: { ...figures, latencyMs: { ...latencyMs, mean: 0.61 } },
      measured: figures,
      calibration: figures,
      exitRates: { predicted: [0.41, 0.59], measured: [0.4, 0.6] },
      macs: 1,
      bytes: 1,
      feasible: true,
      misses: [],
    },
    speedup: 2.53,
    speedupPredicted: 2.62,
    accuracyDropPp: 0.3,
    accuracyDropHalfWidthPp: 0.12,
    latencyErrorPct: -3.2,
    machineDriftPct: 1,
    decisionAgreement: 0.9994,
    ...change,
  };
}
