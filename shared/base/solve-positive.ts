/**
 * Solves A x = b for a symmetric positive definite A by Cholesky's decomposition.
 * @param matrix row-major [n, n], its lower half alone is read; it is left as it is
 * @param right [n]
 */
export function solvePositive(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const lower = matrix.slice();
  const solution = right.slice();
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = lower[row * n + column];
      for (let k = 0; k < column; k++) rest -= lower[row * n + k] * lower[column * n + k];
      lower[row * n + column] = column === row ? Math.sqrt(rest) : rest / lower[column * n + column];
    }
    for (let k = 0; k < row; k++) solution[row] -= lower[row * n + k] * solution[k];
    solution[row] /= lower[row * n + row];
  }
  for (let row = n - 1; row >= 0; row--) {
    for (let k = row + 1; k < n; k++) solution[row] -= lower[k * n + row] * solution[k];
    solution[row] /= lower[row * n + row];
  }
  return solution;
}
