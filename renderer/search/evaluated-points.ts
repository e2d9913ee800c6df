/** Pairs kept for the chart's background. */
export const mostEvaluated = 6000;

/**
 * Adds pairs of accuracy and latency; when there are too many every second one goes, so that early and late ones
 * stay alike.
 */
export function withEvaluated(kept: Float32Array, more: Float32Array, most = mostEvaluated): Float32Array {
  let all = new Float32Array(kept.length + more.length);
  all.set(kept);
  all.set(more, kept.length);
  while (all.length > 2 * most) all = everySecondPair(all);
  return all;
}

function everySecondPair(pairs: Float32Array): Float32Array<ArrayBuffer> {
  const half = new Float32Array(2 * Math.ceil(pairs.length / 4));
  for (let pair = 0; 2 * pair < half.length; pair++) {
    half[2 * pair] = pairs[4 * pair];
    half[2 * pair + 1] = pairs[4 * pair + 1];
  }
  return half;
}
