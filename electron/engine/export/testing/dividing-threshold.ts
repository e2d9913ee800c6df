/** For tests: the middle of the widest gap in the middle half of some values: rounding moves none of them across. */
export function dividingThreshold(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const inner = sorted.slice(Math.floor(sorted.length / 4), Math.ceil((3 * sorted.length) / 4));
  const gaps = inner.slice(1).map((value, at) => value - inner[at]);
  const widest = gaps.indexOf(Math.max(...gaps));
  return Math.fround((inner[widest] + inner[widest + 1]) / 2);
}
