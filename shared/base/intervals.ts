/** The 97.5 % quantile of the standard normal distribution: two-sided 95 % intervals. */
export const z95 = 1.959964;

/**
 * 95 % interval of a share (Wilson 1927): `right` of `count`.
 * @returns [low, high], 0-1
 */
export function shareInterval(right: number, count: number): [number, number] {
  const share = right / count;
  const centre = share + z95 ** 2 / (2 * count);
  const spread = z95 * Math.sqrt((share * (1 - share)) / count + z95 ** 2 / (4 * count ** 2));
  const scale = 1 + z95 ** 2 / count;
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
}

/**
 * 95 % interval of the difference of two accuracies on the same samples, from the discordant pairs.
 * @param onlyFirst samples that only the first has right
 * @param onlySecond samples that only the second has right
 * @returns difference first - second and the half width of its interval, both as shares
 * @see Agresti 2002, "Categorical Data Analysis", section 10.1.1
 */
export function pairedDifference(
  onlyFirst: number,
  onlySecond: number,
  count: number,
): { difference: number; halfWidth: number } {
  const difference = (onlyFirst - onlySecond) / count;
  const variance = ((onlyFirst + onlySecond) / count - difference ** 2) / count;
  return { difference, halfWidth: z95 * Math.sqrt(Math.max(0, variance)) };
}

/**
 * 95 % interval of the difference of two accuracies of which it isn't known on which samples either is right: wider than
 * that of pairs.
 * @param first share (0-1), on `count` samples like `second`
 * @returns the half width, as a share
 * @see Agresti 2002, "Categorical Data Analysis", section 3.1.2
 */
export function unpairedHalfWidth(first: number, second: number, count: number): number {
  return z95 * Math.sqrt((first * (1 - first) + second * (1 - second)) / count);
}

/**
 * 95 % interval of the difference of the shares of two groups, by the intervals of each.
 * @param first how many of how many
 * @returns [low, high] of first - second, -1 to 1
 * @see Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, method 10
 */
export function shareDifferenceInterval(
  first: readonly [number, number],
  second: readonly [number, number],
): [number, number] {
  const [one, other] = [first[0] / first[1], second[0] / second[1]];
  const [oneLow, oneHigh] = shareInterval(...first);
  const [otherLow, otherHigh] = shareInterval(...second);
  const difference = one - other;
  return [
    difference - Math.hypot(one - oneLow, otherHigh - other),
    difference + Math.hypot(oneHigh - one, other - otherLow),
  ];
}

/**
 * {@link pairedDifference} for weighted samples.
 * @param total what all samples weigh, `onlyFirst` and `onlySecond` among them
 * @param effectiveSamples how many samples of equal weight would be as informative
 */
export function weightedDifference(
  onlyFirst: number,
  onlySecond: number,
  total: number,
  effectiveSamples: number,
): { difference: number; halfWidth: number } {
  const scale = effectiveSamples / total;
  return pairedDifference(onlyFirst * scale, onlySecond * scale, effectiveSamples);
}
