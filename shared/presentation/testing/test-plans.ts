import type { FrontFile } from "../../files/front-file.ts";
import type { PlanExit, PlanFigures } from "../../model/plan.ts";
import type { ChartedPlan } from "../plans/charted-plans.ts";

/** Plans with figures that are easily reckoned by hand; for tests. */

export const backbone = { accuracy: 0.9, latencyMs: 2, macs: 1000, bytes: 500 };

export function exit(cutPoint: string, threshold = 0.5): PlanExit {
  return { cutPoint, head: "linear", policy: "top1", threshold };
}

export function figures(accuracy: number, mean: number, rest: Partial<PlanFigures> = {}): PlanFigures {
  return {
    accuracy,
    latencyMs: { mean, p50: mean / 2, p95: 2 * mean, worst: 3 * mean },
    exitRates: [0.75, 0.25],
    macs: 100 * mean,
    bytes: 600,
    ...rest,
  };
}

export function charted(
  id: string,
  accuracy: number,
  mean: number,
  rest: Partial<ChartedPlan> = {},
): ChartedPlan & { figures: PlanFigures } {
  return {
    id,
    series: "search:exact",
    role: "ours",
    exits: [exit(id)],
    stated: { accuracy, latencyMs: mean },
    figures: figures(accuracy, mean),
    ...rest,
  } as ChartedPlan & { figures: PlanFigures };
}

export function frontFile(rest: Partial<FrontFile> = {}): FrontFile {
  const plan = (cutPoint: string, accuracy: number, latencyMs: number) => ({
    exits: [exit(cutPoint)],
    accuracy,
    latencyMs,
  });
  const search = (algorithm: string, hypervolume: number, seconds: number) => ({
    algorithm,
    options: {},
    seed: 1,
    proven: algorithm === "exact",
    evaluations: 100,
    seconds,
    hypervolume,
    front: [plan("a", 0.8, 0.5), plan("b", 0.9, 1)],
  });
  return {
    format: "offramp-front",
    version: 2,
    backboneSha256: "0",
    profile: "device",
    useCase: { latency: "mean" },
    samples: 10,
    reference: { accuracy: 0.5, latencyMs: 2 },
    backbone: { accuracy: 0.9, latencyMs: 2 },
    searches: [search("exact", 0.5, 2), search("nsga2", 0.4, 1)],
    schemes: [{ scheme: "uniform", plans: [plan("d", 0.85, 1.5), plan("c", 0.7, 0.9)] }],
    recommended: { exits: [], figures: figures(0.9, 2), feasible: true, misses: [] },
    ...rest,
  };
}
