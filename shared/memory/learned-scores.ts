import { solvePositive } from "../base/solve-positive.ts";
import { type ExitOutputs, type OutputColumn, plainColumns } from "./exit-outputs.ts";
import type { MemoryKind } from "./memory-policy.ts";

/** How likely an exit is right by what it and all exits before it said: coefficients of its features, one list per output. */
export type ScoreModel = readonly Float64Array[];

/**
 * The scores of EENet (Ilhan et al. 2023, arXiv 2301.07099): the chance that an exit's own answer is right, by its largest
 * probability, its entropy, the share of exits so far that vote for one class, and the earlier exits' scores. Each is a logistic
 * regression; EENet's is linear, cut off at 0 and 1, and may read the probability of every class as well.
 */
export const learnedScores: MemoryKind = {
  id: "learned-scores",
  title: "learned scores",
  fit: (outputs) => {
    const model = fitScores(outputs);
    return [{ columns: (seen) => scoredColumns(model, seen) }];
  },
};

/** @param importance per output how much each sample counts in its fit [samples]; all alike if absent */
export function fitScores(outputs: ExitOutputs, importance?: readonly Float64Array[]): ScoreModel {
  const columns = plainColumns(outputs);
  const model: Float64Array[] = [];
  const earlier: Float64Array[] = [];
  for (const [row, { correct }] of columns.entries()) {
    const features = featuresOf(outputs, columns, row, earlier);
    model.push(fitLogistic(features, correct, importance?.[row]));
    earlier.push(logOddsOf(features, model[row]));
  }
  return model;
}

/** Outputs with the model's scores as their confidences. */
export function scoredColumns(model: ScoreModel, outputs: ExitOutputs): OutputColumn[] {
  const columns = plainColumns(outputs);
  const earlier: Float64Array[] = [];
  return columns.map((column, row) => {
    earlier.push(logOddsOf(featuresOf(outputs, columns, row, earlier), model[row]));
    return { ...column, confidence: Float32Array.from(earlier[row], sigmoid) };
  });
}

/** Features of an output's score [features][samples]. @param earlier log odds of the outputs before it */
function featuresOf(
  { logProbabilities, classes }: ExitOutputs,
  columns: readonly OutputColumn[],
  row: number,
  earlier: readonly Float64Array[],
): Float64Array[] {
  const own = logProbabilities[row];
  const samples = own.length / classes;
  const ones = new Float64Array(samples).fill(1);
  const odds = Float64Array.from(columns[row].confidence, logOdds);
  const certainty = Float64Array.from({ length: samples }, (_, sample) => {
    let sum = 0;
    for (let at = sample * classes; at < (sample + 1) * classes; at++) sum += Math.exp(own[at]) * own[at];
    return 1 + sum / Math.log(classes);
  });
  return [ones, odds, certainty, votesOf(columns.slice(0, row + 1), samples), ...earlier.slice(0, row)];
}

/** The largest share of the outputs that answers one class, per sample. */
function votesOf(columns: readonly OutputColumn[], samples: number): Float64Array {
  return Float64Array.from({ length: samples }, (_, sample) => {
    const answers = columns.map(({ predicted }) => predicted[sample]);
    const votes = answers.map((answer) => answers.filter((other) => other === answer).length);
    return Math.max(...votes) / answers.length;
  });
}

const maxSteps = 40;
const settled = 1e-6;
/** Precision of a weak normal prior about 0. */
const priorPrecision = 1;

/** Coefficients of a logistic regression of `correct`, by Newton's method. */
function fitLogistic(
  features: readonly Float64Array[],
  correct: Uint8Array,
  importance?: Float64Array,
): Float64Array {
  const count = features.length;
  const model = new Float64Array(count);
  for (let step = 0; step < maxSteps; step++) {
    const slopes = model.map((coefficient) => -priorPrecision * coefficient);
    const curvature = new Float64Array(count * count);
    for (let row = 0; row < count; row++) curvature[row * count + row] = priorPrecision;
    const odds = logOddsOf(features, model);
    for (let sample = 0; sample < correct.length; sample++) {
      const probability = sigmoid(odds[sample]);
      const counts = importance ? importance[sample] : 1;
      for (let row = 0; row < count; row++) {
        const feature = features[row][sample];
        slopes[row] += counts * (correct[sample] - probability) * feature;
        for (let other = 0; other <= row; other++)
          curvature[row * count + other] +=
            counts * probability * (1 - probability) * feature * features[other][sample];
      }
    }
    const move = solvePositive(curvature, slopes);
    const largest = move.reduce((most, own) => Math.max(most, Math.abs(own)), 0);
    // Far from the optimum a full step may overshoot.
    const share = Math.min(1, 2 / largest);
    model.forEach((coefficient, row) => {
      model[row] = coefficient + share * move[row];
    });
    if (largest < settled) break;
  }
  return model;
}

function logOddsOf(features: readonly Float64Array[], model: Float64Array): Float64Array {
  const odds = new Float64Array(features[0].length);
  for (const [row, feature] of features.entries())
    for (let sample = 0; sample < odds.length; sample++) odds[sample] += model[row] * feature[sample];
  return odds;
}

function sigmoid(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}

function logOdds(probability: number): number {
  const inside = Math.max(1e-6, Math.min(1 - 1e-6, probability));
  return Math.log(inside / (1 - inside));
}
