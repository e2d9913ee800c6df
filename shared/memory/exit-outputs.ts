/** What a plan's own outputs say of the samples of a split. */
export interface ExitOutputs {
  readonly classes: number;
  /** Class of each sample [samples]. */
  readonly labels: Int32Array;
  /** Natural logarithms of the probabilities, row-major [samples, classes], per exit of the plan in order, its end last. */
  readonly logProbabilities: readonly Float32Array[];
}

/** A row of a confidence table: what an output answers under a policy, per sample [samples]. */
export interface OutputColumn {
  /** Rises with certainty; compared with a threshold. */
  readonly confidence: Float32Array;
  readonly predicted: Int32Array;
  /** 1 right, 0 wrong. */
  readonly correct: Uint8Array;
}

/** The threshold of an exit that lets nobody leave: no probability reaches it. */
export const neverReached = 2;

/** The outputs of some of the exits, in order, and of the end. @param exits by their place among the plan's */
export function outputsOf(outputs: ExitOutputs, exits: readonly number[]): ExitOutputs {
  const { logProbabilities } = outputs;
  return {
    ...outputs,
    logProbabilities: [...exits, logProbabilities.length - 1].map((row) => logProbabilities[row]),
  };
}

/** What outputs answer by themselves: the first most probable class, as sure as its probability. */
export function plainColumns({ logProbabilities, labels, classes }: ExitOutputs): OutputColumn[] {
  return logProbabilities.map((own) => columnOf(own, labels, classes));
}

/** @param logProbabilities row-major [samples, classes] */
export function columnOf(logProbabilities: Float32Array, labels: Int32Array, classes: number): OutputColumn {
  const confidence = new Float32Array(labels.length);
  const predicted = new Int32Array(labels.length);
  const correct = new Uint8Array(labels.length);
  for (let sample = 0; sample < labels.length; sample++) {
    const from = sample * classes;
    let best = 0;
    for (let index = 1; index < classes; index++)
      if (logProbabilities[from + index] > logProbabilities[from + best]) best = index;
    predicted[sample] = best;
    confidence[sample] = Math.exp(logProbabilities[from + best]);
    correct[sample] = best === labels[sample] ? 1 : 0;
  }
  return { confidence, predicted, correct };
}

/** Makes logarithms of probabilities of scores, in place. @param scores row-major [samples, classes] */
export function normaliseScores(scores: Float32Array, classes: number): void {
  for (let from = 0; from < scores.length; from += classes) {
    let largest = scores[from];
    for (let index = 1; index < classes; index++) largest = Math.max(largest, scores[from + index]);
    let sum = 0;
    for (let index = 0; index < classes; index++) sum += Math.exp(scores[from + index] - largest);
    const norm = largest + Math.log(sum);
    for (let index = 0; index < classes; index++) scores[from + index] -= norm;
  }
}
