import { type EnsembleWeights, ensemblePolicy } from "../model/plan.ts";
import { columnOf, type ExitOutputs, normaliseScores, type OutputColumn } from "./exit-outputs.ts";
import { fitEnsemble } from "./fit-ensemble.ts";
import type { MemoryKind } from "./memory-policy.ts";

/**
 * Every exit answers for all exits up to it: by the product of their probabilities, each to the power of a weight, and a factor per
 * class (Zero Time Waste: Wołczyk et al. 2021, arXiv 2106.05409). Each exit has weights of its own for the ones before it, and
 * the end too, so that a plan may be more often right than its network.
 */
export const geometricEnsemble: MemoryKind = {
  id: ensemblePolicy,
  title: "geometric ensemble",
  fit: (outputs) => {
    const ensembles = fitEnsembles(outputs);
    return [{ columns: (seen) => ensembleColumns(ensembles, seen) }];
  },
};

/** One per output. */
export function fitEnsembles(outputs: ExitOutputs): EnsembleWeights[] {
  return outputs.logProbabilities.map((_, row) => fitEnsemble(upTo(outputs, row)));
}

/** What outputs say as ensembles. @param ensembles one per output */
export function ensembleColumns(ensembles: readonly EnsembleWeights[], outputs: ExitOutputs): OutputColumn[] {
  return ensembles.map((own, row) => ensembleColumn(upTo(outputs, row), own));
}

function upTo(outputs: ExitOutputs, row: number): ExitOutputs {
  return { ...outputs, logProbabilities: outputs.logProbabilities.slice(0, row + 1) };
}

function ensembleColumn(
  { logProbabilities, labels, classes }: ExitOutputs,
  { weights, biases }: EnsembleWeights,
) {
  const scores = Float32Array.from({ length: labels.length * classes }, (_, at) => biases[at % classes]);
  for (const [row, own] of logProbabilities.entries())
    for (let at = 0; at < scores.length; at++) scores[at] += weights[row] * own[at];
  normaliseScores(scores, classes);
  return columnOf(scores, labels, classes);
}
