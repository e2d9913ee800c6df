/** Rows used for fitting: one parameter needs no more. */
const maxValues = 2_000_000;

/**
 * The temperature T that minimises the cross-entropy of softmax(logits / T) (Guo et al. 2017, arXiv 1706.04599),
 * by golden-section search over log T; the loss is convex in 1 / T, so it has one minimum.
 * @param logits row-major [samples x classes]
 * @param labels [samples]
 * @returns T in [1/20, 20]
 */
export function fitTemperature(logits: Float32Array, labels: Int32Array, classes: number): number {
  const samples = Math.min(labels.length, Math.max(1, Math.floor(maxValues / classes)));
  const loss = (logT: number) => crossEntropy(logits, labels, classes, samples, Math.exp(-logT));
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = -Math.log(20);
  let high = Math.log(20);
  let left = high - ratio * (high - low);
  let right = low + ratio * (high - low);
  let lossLeft = loss(left);
  let lossRight = loss(right);
  while (high - low > 1e-3) {
    if (lossLeft <= lossRight) {
      [high, right, lossRight] = [right, left, lossLeft];
      left = high - ratio * (high - low);
      lossLeft = loss(left);
    } else {
      [low, left, lossLeft] = [left, right, lossRight];
      right = low + ratio * (high - low);
      lossRight = loss(right);
    }
  }
  return Math.fround(Math.exp((low + high) / 2));
}

function crossEntropy(
  logits: Float32Array,
  labels: Int32Array,
  classes: number,
  samples: number,
  scale: number,
): number {
  let total = 0;
  for (let sample = 0; sample < samples; sample++) {
    const from = sample * classes;
    let largest = logits[from];
    for (let index = from + 1; index < from + classes; index++)
      if (logits[index] > largest) largest = logits[index];
    let sum = 0;
    for (let index = from; index < from + classes; index++)
      sum += Math.exp((logits[index] - largest) * scale);
    total += Math.log(sum) - (logits[from + labels[sample]] - largest) * scale;
  }
  return total / samples;
}
