/**
 * Coefficients of the linear function nearest to the targets by weighted squares, by the normal equations and elimination
 * with pivots; a column that the others explain gets none.
 * @param rows [n x k]
 * @returns length k
 */
export function leastSquares(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  weights: readonly number[],
): number[] {
  const columns = rows[0].length;
  const system = Array.from({ length: columns }, (_, i) =>
    Array.from({ length: columns + 1 }, (_, j) =>
      rows.reduce((sum, row, n) => sum + weights[n] * row[i] * (j < columns ? row[j] : targets[n]), 0),
    ),
  );
  const scale = system.map((row, i) => row[i]);
  const isFree = new Array<boolean>(columns).fill(true);
  for (let step = 0; step < columns; step++) {
    const share = (i: number) => (isFree[i] && scale[i] > 0 ? system[i][i] / scale[i] : 0);
    const pivot = isFree.reduce((best, _, i) => (share(i) > share(best) ? i : best), isFree.indexOf(true));
    if (share(pivot) < 1e-9) break;
    isFree[pivot] = false;
    const divisor = system[pivot][pivot];
    system[pivot] = system[pivot].map((value) => value / divisor);
    for (let i = 0; i < columns; i++)
      if (i !== pivot) {
        const factor = system[i][pivot];
        system[i] = system[i].map((value, j) => value - factor * system[pivot][j]);
      }
  }
  return isFree.map((free, i) => (free ? 0 : system[i][columns]));
}
