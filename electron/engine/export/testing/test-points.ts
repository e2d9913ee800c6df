import type { Plan } from "../../../../shared/model/plan.ts";
import { preprocessSchema } from "../../../../shared/model/preprocess.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { routePlan } from "../../verify/route-plan.ts";
import { assembleDesign, type Design } from "../design.ts";
import type { ExportFormat } from "../export-format.ts";
import { operatingPoint, type PointPrediction } from "../operating-points.ts";
import { chainNetwork, largeNet, photographs } from "./test-chains.ts";

const samples = 48;

/** For tests: a network with two exits, and its images. */
export const large = await chainNetwork(largeNet(), preprocessSchema.parse({}), photographs(samples));

/** For tests: confidences of all images at one of its outputs, in their order. */
export function confidencesAt(row: number): number[] {
  const { confidence } = large.routed.tables.get("top1")!;
  return [...confidence.subarray(row * samples, (row + 1) * samples)];
}

/** For tests: two exits; about this share of the samples is below the threshold of each. */
export function planAt(...shares: [number, number]): Plan {
  const exits = shares.map((share, row) => {
    const { cutPoint, kind } = large.routed.heads[row];
    const sorted = confidencesAt(row).sort((a, b) => a - b);
    const at = Math.round(share * samples);
    return {
      cutPoint,
      head: kind,
      policy: "top1",
      threshold: Math.fround((sorted[at - 1] + sorted[at]) / 2),
    };
  });
  return { format: "offramp-plan", version: 1, backboneSha256: large.routed.sha256, exits };
}

export const own = planAt(0.5, 0.5);
export const plans = { fast: planAt(0.125, 0.25), safe: planAt(0.875, 0.75) };

/** For tests: where the images leave under a plan. */
export const exitsOf = (plan: Plan) => [...routePlan(plan, [large.routed]).exit];

/** For tests: what leaving at an exit takes, ms. */
export const exitMs = [1, 2, 4];

function predicted(plan: Plan): PointPrediction {
  const exits = exitsOf(plan);
  const exitRates = exitMs.map((_, exit) => exits.filter((taken) => taken === exit).length / samples);
  const mean = exitMs.reduce((sum, ms, exit) => sum + ms * exitRates[exit], 0);
  return { accuracy: 0.5, exitRates, latencyMs: { mean, p50: mean, p95: 4, worst: 4 } };
}

/** For tests: the own plan's export with both others as its points. @returns the folder */
export async function exportedPoints(
  formats: readonly ExportFormat[],
  changes: Partial<Design> = {},
): Promise<string> {
  const folder = await temporaryFolder();
  const points = Object.entries(plans).map(([name, plan]) => ({
    ...operatingPoint(own, name, plan),
    predicted: predicted(plan),
  }));
  const design = { ...assembleDesign(large, own), points, predicted: predicted(own), ...changes };
  for (const format of formats) await format.write(design, folder);
  return folder;
}
