/**
 * Moves labels apart along a line so that none overlap, each as near as may be to where it belongs.
 * @param wanted centres, rising
 * @param size of every label along the line
 * @param range of centres; if it is too short for all, they are spaced evenly in it
 * @returns centres, rising
 */
export function spreadLabels(
  wanted: readonly number[],
  size: number,
  range: readonly [number, number],
): number[] {
  const [low, high] = range;
  if ((wanted.length - 1) * size > high - low)
    return wanted.map((_, index) => low + (index * (high - low)) / (wanted.length - 1));
  const centres: number[] = [];
  wanted.forEach((centre, index) => {
    centres.push(Math.max(centre, index === 0 ? low : centres[index - 1] + size));
  });
  for (let index = centres.length - 1; index >= 0; index--)
    centres[index] = Math.min(
      centres[index],
      index === centres.length - 1 ? high : centres[index + 1] - size,
    );
  return centres;
}
