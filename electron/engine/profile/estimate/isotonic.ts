/**
 * The rising sequence nearest to the values by weighted squares: neighbours that fall are pooled (pool adjacent violators).
 * @param weights above 0, one per value
 * @param most what no value exceeds
 * @see Barlow et al. 1972, Statistical inference under order restrictions
 */
export function rising(
  values: readonly number[],
  weights: readonly number[],
  most = Number.POSITIVE_INFINITY,
): number[] {
  const pools: { mean: number; weight: number; length: number }[] = [];
  values.forEach((value, index) => {
    let pool = { mean: value, weight: weights[index], length: 1 };
    for (let below = pools.at(-1); below && below.mean > pool.mean; below = pools.at(-1)) {
      pools.pop();
      const weight = below.weight + pool.weight;
      const mean = (below.mean * below.weight + pool.mean * pool.weight) / weight;
      pool = { mean, weight, length: below.length + pool.length };
    }
    pools.push(pool);
  });
  return pools.flatMap(({ mean, length }) =>
    new Array<number>(length).fill(Math.min(most, Math.max(0, mean))),
  );
}
