/**
 * The class that each row of scores answers: the first of the largest.
 * @param scores row-major [rows x classes]
 */
export function largestPerRow(scores: ArrayLike<number>, rows: number, classes: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let index = 1; index < classes; index++)
      if (scores[row * classes + index] > scores[row * classes + best]) best = index;
    return best;
  });
}
