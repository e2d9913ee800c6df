/** Of these many samples, the first are warm-up. */
const warmUpShare = 0.25;
/** Fewer say nothing. */
const fewestSamples = 6;

/**
 * By how much a process grew: the median of the last third of its samples against that of the first third after warm-up.
 * @returns undefined if there are too few samples
 */
export function growth(samples: readonly number[]): number | undefined {
  const settled = samples.slice(Math.ceil(warmUpShare * samples.length));
  if (settled.length < fewestSamples) return undefined;
  const third = Math.floor(settled.length / 3);
  return median(settled.slice(-third)) / median(settled.slice(0, third)) - 1;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
