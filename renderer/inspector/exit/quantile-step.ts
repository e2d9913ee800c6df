/**
 * The threshold that lets some share more, or fewer, of the samples leave than now. It always moves by at least one
 * sample, if there is one: equal confidences leave together.
 * @param rising confidences of the samples that reach the exit, sorted, rising
 * @param step share of those samples (-1 to 1); above 0 more leave
 * @returns a short decimal that separates the same samples; the threshold itself where nothing is left to move
 */
export function stepThreshold(rising: Float32Array, threshold: number, step: number): number {
  const count = rising.length;
  const first = firstAtLeast(rising, Math.fround(threshold));
  const target = first - Math.round(step * count);
  const start = step > 0 ? startOfMore(rising, first, target) : startOfFewer(rising, first, target);
  return start === first || start >= count ? threshold : between(rising[start - 1], rising[start]);
}

/** Where those that leave begin, if they are to begin at `target`, before `first`. */
function startOfMore(rising: Float32Array, first: number, target: number): number {
  return first === 0 ? 0 : firstAtLeast(rising, rising[Math.max(0, Math.min(first - 1, target))]);
}

function startOfFewer(rising: Float32Array, first: number, target: number): number {
  const last = rising.length - 1;
  if (first >= last) return first;
  const start = firstAtLeast(rising, rising[Math.min(last, Math.max(first + 1, target))]);
  return start > first ? start : firstAbove(rising, rising[first]);
}

/** Index of the first value that reaches `min`; the length if none does. */
export function firstAtLeast(rising: Float32Array, min: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] >= min) high = middle;
    else low = middle + 1;
  }
  return low;
}

function firstAbove(rising: Float32Array, value: number): number {
  let index = firstAtLeast(rising, value);
  while (index < rising.length && rising[index] === value) index++;
  return index;
}

/** The shortest decimal above `lower` and at most `higher`, compared as float32, as thresholds are. */
function between(lower: number | undefined, higher: number): number {
  if (lower === undefined) return Math.min(0, higher);
  const middle = (lower + higher) / 2;
  for (let decimals = 2; decimals <= 8; decimals++) {
    const short = Number(middle.toFixed(decimals));
    if (Math.fround(short) > lower && Math.fround(short) <= higher) return short;
  }
  return higher;
}
