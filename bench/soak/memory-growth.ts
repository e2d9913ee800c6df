/** Of these many samples, the first are warm-up. */
const warmUpShare = 0.25;
/** Fewer say nothing. */
const fewestSamples = 6;

/**
 * By how much a process grew: the least of the last third of its samples against that of the first third after warm-up. What is
 * held besides is the project that is open at the moment; what can't be let go is in the least.
 * @returns undefined if there are too few samples
 */
export function growth(samples: readonly number[]): number | undefined {
  const settled = samples.slice(Math.ceil(warmUpShare * samples.length));
  if (settled.length < fewestSamples) return undefined;
  const third = Math.floor(settled.length / 3);
  return Math.min(...settled.slice(-third)) / Math.min(...settled.slice(0, third)) - 1;
}
