import { shareInterval } from "../../../base/intervals.ts";
import type { Robustness, ShiftCondition } from "../../../files/robustness.ts";
import type { PlanExit } from "../../../model/plan.ts";

const samples = 1000;
const backboneMs = 1;

function accuracyOf(share: number) {
  return { accuracy: share, accuracyInterval: shareInterval(share * samples, samples) };
}

/** @param early share of the samples that leave at the only exit */
function condition(
  corruption: string | null,
  severity: number,
  [backbone, plan]: readonly [number, number],
  { meanMs, early }: { readonly meanMs: number; readonly early: number },
): ShiftCondition {
  return {
    corruption,
    severity,
    backbone: accuracyOf(backbone),
    plan: {
      ...accuracyOf(plan),
      accuracyDropPp: Number((100 * (backbone - plan)).toFixed(6)),
      accuracyDropHalfWidthPp: 0.5,
      exitRates: [early, 1 - early],
      latencyMs: { mean: meanMs, p50: meanMs, p95: 1.1, worst: 1.1 },
      speedup: backboneMs / meanMs,
    },
    front: [
      { accuracy: severity === 5 ? 0.45 : 0.8, latencyMs: 0.3 },
      { accuracy: plan, latencyMs: meanMs },
    ],
  };
}

/**
 * For tests: a plan of one exit under contrast of two severities and brightness of none, with a front of two plans.
 * @param backboneSha256 of the project that it is of
 * @param place of the exit
 */
export function madeUpRobustness(
  backboneSha256 = "0".repeat(64),
  place: Pick<PlanExit, "cutPoint" | "head"> = { cutPoint: "block1", head: "gap-linear" },
): Robustness {
  const exit = { ...place, policy: "top1" };
  const plan = { exits: [{ ...exit, threshold: 0.9 }] };
  return {
    format: "offramp-robustness",
    version: 1,
    backboneSha256,
    profile: "1".repeat(64),
    target: { device: "a board", operatingSystem: "o", runtime: "r", provider: "cpu", threads: 1 },
    samples,
    available: 10_000,
    seed: 1,
    scale: "small",
    corruptions: [
      {
        id: "contrast",
        title: "Contrast",
        strength: "share that is left",
        strengths: [0.75, 0.5, 0.4, 0.3, 0.15],
      },
      { id: "brightness", title: "Brightness", strength: "added", strengths: [0.05, 0.1, 0.15, 0.2, 0.3] },
    ],
    plan,
    front: [{ exits: [{ ...exit, threshold: 0.5 }] }, plan],
    conditions: [
      condition(null, 0, [0.9, 0.89], { meanMs: 0.5, early: 0.6 }),
      condition("contrast", 1, [0.89, 0.88], { meanMs: 0.55, early: 0.55 }),
      condition("contrast", 5, [0.5, 0.4], { meanMs: 0.8, early: 0.2 }),
    ],
  };
}
