/** One exit's samples on the split that offsets are fitted on. */
export interface ExitAnswers {
  /** [samples], 0 to 1, rising with certainty. */
  readonly confidence: Float32Array;
  /** [samples]: 0 where leaving here loses what the backbone's own output gets right, else 1. */
  readonly kept: Uint8Array;
  /** Class that the exit answers [samples]. */
  readonly predicted: Int32Array;
}

/** P(kept) = sigmoid(slope * log odds of the confidence + intercept + effects[answer]). */
interface Model {
  readonly slope: number;
  readonly intercept: number;
  readonly effects: Float64Array;
}

/** Offsets come in steps of this, so that they are the same on every machine. */
const step = 1 / 1024;
/** No class's odds are multiplied by more than e^4 = 55. */
const maxOffset = 4;
/** A confidence that says next to nothing would make offsets explode. */
const minSlope = 0.25;
/** Effects that vary by less than this are none, log odds squared. */
const minVariance = 1e-5;
const maxSteps = 60;
/** Weak normal priors: they keep the fit finite where nothing is lost. */
const slopePrior = { mean: 1, variance: 1 };
const interceptPrior = { mean: 0, variance: 25 };

/**
 * By how much an exit's confidence is to be shifted, class by class, so that equal confidences mean an equal risk,
 * whatever the exit answers. The risk is that the exit is wrong where the backbone's own output is right, for passing on
 * what fails either way gains nothing (Jitkrittum et al. 2023, arXiv 2307.02764); it is conditioned on the answer (top-label
 * calibration: Gupta, Ramdas 2022, arXiv 2107.08353). Fitted is a logistic regression with a normal effect per class,
 * whose variance is estimated along with it (MacKay 1992, doi:10.1162/neco.1992.4.5.720): a class with few samples stays
 * near 0, and all classes do if they don't differ.
 * @returns per class [classes], log odds
 */
export function fitClassOffsets(answers: ExitAnswers, classes: number): Float32Array {
  const logits = Float64Array.from(answers.confidence, logOdds);
  let model: Model = { slope: 1, intercept: 0, effects: new Float64Array(classes) };
  let variance = 1;
  for (let count = 0; count < maxSteps; count++) {
    const next = newtonStep(model, logits, answers, variance);
    const estimate = effectVariance(next.model.effects, next.precisions, variance);
    const isSettled = next.change < 1e-3 && Math.abs(estimate - variance) < 1e-3 * variance;
    model = next.model;
    variance = estimate;
    if (variance < minVariance) return new Float32Array(classes);
    if (isSettled) break;
  }
  const scale = 1 / Math.max(minSlope, model.slope);
  return Float32Array.from(model.effects, (effect) => {
    const offset = Math.max(-maxOffset, Math.min(maxOffset, effect * scale));
    return Math.round(offset / step) * step;
  });
}

function logOdds(confidence: number): number {
  const inside = Math.max(1e-6, Math.min(1 - 1e-6, confidence));
  return Math.log(inside / (1 - inside));
}

/**
 * A Newton step of all parameters at once. Classes share slope and intercept only, so every effect is eliminated on its
 * own and two unknowns remain.
 * @param variance of the effects
 * @returns the model, the largest change of a parameter (at most 1), and the posterior precision of each effect
 */
function newtonStep(model: Model, logits: Float64Array, answers: ExitAnswers, variance: number) {
  const { residuals, weights, crossed, slopeResidual, slopeWeight } = classSums(model, logits, answers);
  const precisions = weights.map((weight) => weight + 1 / variance);
  const gradients = residuals.map((residual, index) => residual - model.effects[index] / variance);
  let slopeGradient = slopeResidual + (slopePrior.mean - model.slope) / slopePrior.variance;
  let interceptGradient = (interceptPrior.mean - model.intercept) / interceptPrior.variance;
  let slopeSlope = slopeWeight + 1 / slopePrior.variance;
  let slopeIntercept = 0;
  let interceptIntercept = 1 / interceptPrior.variance;
  precisions.forEach((precision, index) => {
    const free = 1 - weights[index] / precision;
    slopeGradient -= (crossed[index] * gradients[index]) / precision;
    interceptGradient += residuals[index] - (weights[index] * gradients[index]) / precision;
    slopeSlope -= crossed[index] ** 2 / precision;
    slopeIntercept += crossed[index] * free;
    interceptIntercept += weights[index] * free;
  });
  const determinant = slopeSlope * interceptIntercept - slopeIntercept ** 2;
  const slope = (slopeGradient * interceptIntercept - interceptGradient * slopeIntercept) / determinant;
  const intercept = (interceptGradient * slopeSlope - slopeGradient * slopeIntercept) / determinant;
  const effects = gradients.map(
    (gradient, index) => (gradient - crossed[index] * slope - weights[index] * intercept) / precisions[index],
  );
  const largest = effects.reduce(
    (max, effect) => Math.max(max, Math.abs(effect)),
    Math.max(Math.abs(slope), Math.abs(intercept)),
  );
  // Far from the optimum a full step may overshoot.
  const share = Math.min(1, 1 / largest);
  return {
    model: {
      slope: model.slope + share * slope,
      intercept: model.intercept + share * intercept,
      effects: model.effects.map((effect, index) => effect + share * effects[index]),
    },
    change: share * largest,
    precisions,
  };
}

/**
 * First and second derivatives of the log likelihood: per class by its effect (residuals, weights) and by effect and slope
 * (crossed), and by the slope.
 */
function classSums(
  { slope, intercept, effects }: Model,
  logits: Float64Array,
  { kept, predicted }: ExitAnswers,
) {
  const residuals = new Float64Array(effects.length);
  const weights = new Float64Array(effects.length);
  const crossed = new Float64Array(effects.length);
  let slopeResidual = 0;
  let slopeWeight = 0;
  for (let sample = 0; sample < logits.length; sample++) {
    const x = logits[sample];
    const answer = predicted[sample];
    const probability = 1 / (1 + Math.exp(-(slope * x + intercept + effects[answer])));
    const residual = kept[sample] - probability;
    const weight = probability * (1 - probability);
    residuals[answer] += residual;
    weights[answer] += weight;
    crossed[answer] += weight * x;
    slopeResidual += residual * x;
    slopeWeight += weight * x * x;
  }
  return { residuals, weights, crossed, slopeResidual, slopeWeight };
}

/** MacKay's estimate: the squared effects over the number of them that the data, not the prior, determines. */
function effectVariance(effects: Float64Array, precisions: Float64Array, variance: number): number {
  let squares = 0;
  let determined = 0;
  effects.forEach((effect, index) => {
    squares += effect ** 2;
    determined += 1 - 1 / (variance * precisions[index]);
  });
  return determined > 0 ? squares / determined : 0;
}
