import { describe, expect, it } from "vitest";
import { seededRandom } from "../base/random.ts";
import { type ExitOutputs, normaliseScores } from "./exit-outputs.ts";
import { fitEnsemble } from "./fit-ensemble.ts";
import { geometricEnsemble } from "./geometric-ensemble.ts";
import { madeUpOutputs } from "./testing/made-up-outputs.ts";

/** Mean cross-entropy of probabilities. */
function lossOf(logProbabilities: Float32Array, { labels, classes }: ExitOutputs): number {
  return labels.reduce((sum, label, at) => sum - logProbabilities[at * classes + label], 0) / labels.length;
}

/** Weighted products of two outputs with labels drawn from them. */
function drawn(weights: readonly number[], biases: readonly number[]): ExitOutputs {
  const random = seededRandom(4);
  const { classes, logProbabilities } = madeUpOutputs(random, 20_000, 1, biases.length);
  const scores = Float32Array.from(
    logProbabilities[0],
    (own, at) => weights[0] * own + weights[1] * logProbabilities[1][at] + biases[at % classes],
  );
  normaliseScores(scores, classes);
  const labels = Int32Array.from({ length: scores.length / classes }, (_, sample) => {
    let label = 0;
    for (let rest = random() - Math.exp(scores[sample * classes]); rest > 0 && label < classes - 1; )
      rest -= Math.exp(scores[sample * classes + ++label]);
    return label;
  });
  return { classes, labels, logProbabilities };
}

describe("fitting a geometric ensemble", () => {
  it("finds the weights and biases that labels were drawn by", () => {
    const { weights, biases } = fitEnsemble(drawn([0.3, 0.9], [0.5, 0, -0.5]));
    expect(weights[0]).toBeCloseTo(0.3, 1);
    expect(weights[1]).toBeCloseTo(0.9, 1);
    expect(biases[0] - biases[1]).toBeCloseTo(0.5, 1);
    expect(biases[2] - biases[1]).toBeCloseTo(-0.5, 1);
  });

  it("gives no weight to an output that would count against its answer", () => {
    const { weights } = fitEnsemble(drawn([-0.4, 0.9], [0, 0, 0]));
    expect(weights[0]).toBe(0);
    expect(weights[1]).toBeGreaterThan(0.5);
  });

  it("stands at a minimum: no small change lowers the loss", () => {
    const outputs = madeUpOutputs(seededRandom(5), 2000, 2);
    const best = fitEnsemble(outputs);
    const loss = (weights: ArrayLike<number>, biases: ArrayLike<number>) => {
      const { classes, logProbabilities } = outputs;
      const scores = Float32Array.from(logProbabilities[0], (_, at) =>
        logProbabilities.reduce((sum, own, row) => sum + weights[row] * own[at], biases[at % classes]),
      );
      normaliseScores(scores, classes);
      const squares = (values: ArrayLike<number>, mean: number) =>
        Array.from(values).reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const prior = (squares(weights, 1 / 3) + squares(biases, 0)) / 2 / outputs.labels.length;
      return lossOf(scores, outputs) + prior;
    };
    const least = loss(best.weights, best.biases);
    for (const move of [-0.02, 0.02]) {
      for (let row = 0; row < 3; row++) {
        const weights = best.weights.map((weight, index) => (index === row ? weight + move : weight));
        expect(loss(weights, best.biases)).toBeGreaterThan(least);
      }
      const biases = best.biases.map((bias, index) => (index === 1 ? bias + move : bias));
      expect(loss(best.weights, biases)).toBeGreaterThan(least);
    }
  });
});

it("an ensemble of exits with noise of their own is more often right than any of them", () => {
  const [learnt, seen] = [6, 7].map((seed) => madeUpOutputs(seededRandom(seed), 4000, 2));
  const [policy] = geometricEnsemble.fit(learnt);
  const together = policy.columns(seen)[1].correct.reduce((sum, right) => sum + right, 0);
  const alone = geometricEnsemble
    .fit({ ...learnt, logProbabilities: learnt.logProbabilities.slice(1, 2) })[0]
    .columns({ ...seen, logProbabilities: seen.logProbabilities.slice(1, 2) })[0]
    .correct.reduce((sum, right) => sum + right, 0);
  expect(together - alone).toBeGreaterThan(80);
});
