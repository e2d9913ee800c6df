import { solvePositive } from "../base/solve-positive.ts";
import type { EnsembleWeights } from "../model/plan.ts";
import type { ExitOutputs } from "./exit-outputs.ts";

/** Values of one output used for fitting: a few parameters need no more. */
const maxValues = 2_000_000;
const maxSteps = 60;
/** Parameters that move by less are settled. */
const settled = 1e-4;
/** Precision of weak normal priors, about equal weights and no biases: they keep the fit finite where classes part. */
const priorPrecision = 1;

/**
 * The weights and biases that minimise the cross-entropy of the ensemble of all given outputs, which is convex in both:
 * Newton's steps for the weights, and for the biases half a step each, as their second derivatives are
 * at most twice what they are by themselves. The two take turns.
 */
export function fitEnsemble(outputs: ExitOutputs): EnsembleWeights {
  const { classes, logProbabilities } = outputs;
  const count = logProbabilities.length;
  const weights = new Float64Array(count).fill(1 / count);
  const biases = new Float64Array(classes);
  for (let step = 0; step < maxSteps; step++) {
    const byWeight = slopesOf(outputs, { weights, biases });
    const moves = boundedStep(byWeight.hessian, byWeight.weightSlopes, weights);
    weights.forEach((weight, row) => {
      weights[row] = weight + moves[row];
    });
    const byBias = slopesOf(outputs, { weights, biases });
    const turns = byBias.biasSlopes.map((slope, index) => -slope / (2 * byBias.biasCurvatures[index]));
    biases.forEach((bias, index) => {
      biases[index] = bias + turns[index];
    });
    if ([...moves, ...turns].every((move) => Math.abs(move) < settled)) break;
  }
  // As a network's weights are.
  return { weights: Array.from(weights, Math.fround), biases: Array.from(biases, Math.fround) };
}

/** What is fitted, while it is. */
interface Fitted {
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

/** First and second derivatives of the loss, priors included. */
function slopesOf({ logProbabilities, labels, classes }: ExitOutputs, { weights, biases }: Fitted) {
  const count = weights.length;
  const samples = Math.min(labels.length, Math.max(1, Math.floor(maxValues / classes)));
  const weightSlopes = weights.map((weight) => priorPrecision * (weight - 1 / count));
  const hessian = new Float64Array(count * count);
  for (let row = 0; row < count; row++) hessian[row * count + row] = priorPrecision;
  const biasSlopes = biases.map((bias) => priorPrecision * bias);
  const biasCurvatures = new Float64Array(classes).fill(priorPrecision);
  const probabilities = new Float64Array(classes);
  const means = new Float64Array(count);
  for (let sample = 0; sample < samples; sample++) {
    const from = sample * classes;
    ensembleProbabilities(logProbabilities, from, { weights, biases }, probabilities);
    means.fill(0);
    for (let row = 0; row < count; row++) {
      const own = logProbabilities[row];
      for (let index = 0; index < classes; index++) means[row] += probabilities[index] * own[from + index];
      weightSlopes[row] += means[row] - own[from + labels[sample]];
      for (let other = 0; other <= row; other++) {
        let product = 0;
        for (let index = 0; index < classes; index++)
          product += probabilities[index] * own[from + index] * logProbabilities[other][from + index];
        hessian[row * count + other] += product - means[row] * means[other];
      }
    }
    for (let index = 0; index < classes; index++) {
      const probability = probabilities[index];
      biasSlopes[index] += probability - (index === labels[sample] ? 1 : 0);
      biasCurvatures[index] += probability * (1 - probability);
    }
  }
  return { weightSlopes, hessian, biasSlopes, biasCurvatures };
}

function ensembleProbabilities(
  logProbabilities: readonly Float32Array[],
  from: number,
  { weights, biases }: Fitted,
  into: Float64Array,
): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < into.length; index++) {
    let score = biases[index];
    for (let row = 0; row < weights.length; row++)
      score += weights[row] * logProbabilities[row][from + index];
    into[index] = score;
    largest = Math.max(largest, score);
  }
  let sum = 0;
  for (let index = 0; index < into.length; index++) {
    into[index] = Math.exp(into[index] - largest);
    sum += into[index];
  }
  for (let index = 0; index < into.length; index++) into[index] /= sum;
}

/**
 * Newton's step that leaves every weight at 0 or more: a weight that it would take below stops at 0, and the step is made again
 * for the others.
 * @param hessian row-major [n, n], its lower half
 */
function boundedStep(hessian: Float64Array, slopes: Float64Array, weights: Float64Array): Float64Array {
  const count = weights.length;
  const step = new Float64Array(count);
  let free = Array.from(weights.keys());
  while (free.length > 0) {
    const at = (row: number, column: number) =>
      hessian[Math.max(row, column) * count + Math.min(row, column)];
    const stopped = Array.from(weights.keys()).filter((row) => !free.includes(row));
    const matrix = Float64Array.from(free.flatMap((row) => free.map((column) => at(row, column))));
    const right = Float64Array.from(
      free,
      (row) => -slopes[row] - stopped.reduce((sum, other) => sum + at(row, other) * step[other], 0),
    );
    solvePositive(matrix, right).forEach((move, index) => {
      step[free[index]] = move;
    });
    const below = free.filter((row) => weights[row] + step[row] < 0);
    if (below.length === 0) break;
    for (const row of below) step[row] = -weights[row];
    free = free.filter((row) => !below.includes(row));
  }
  return step;
}
