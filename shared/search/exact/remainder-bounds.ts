/**
 * Lower bounds on what the samples cost that two exits let through, at every pair of their levels, for several
 * chains of later exits at once.
 *
 * What remains at a pair of levels is what remains at one level further, at either exit, and those that left at
 * that level. The further part costs a chain at least what it has been shown to cost, each of the others at least its
 * own cheapest way out: thresholds that suit all of them at once suit none of them better. So pairs are visited from
 * the last levels, where nobody remains, to the first, and a bound that is made exact at one pair serves those before.
 */
export interface RemainderBounds {
  /** Goes to a level of the first exit; levels fall by one from the last. */
  toRow(level: number): void;
  /** Goes to a level of the second exit; levels fall by one from the last in each row. */
  toColumn(level: number): void;
  /** Per chain, where it stands: the bound, a sum over samples. */
  readonly min: Float64Array;
  /** Notes that a chain is known to cost so much here. */
  raise(chain: number, sum: number): void;
}

/**
 * @param rows, columns levels of the two exits
 * @param cheapest sums of each sample's cheapest way out of a chain, by the levels at which it leaves
 * [chains x (rows + 1) x (columns + 1)]; the last of each are those that never leave
 */
export function createRemainderBounds(
  chains: number,
  rows: number,
  columns: number,
  cheapest: Float64Array,
): RemainderBounds {
  const width = columns + 1;
  const min = new Float64Array(chains);
  /** Bounds one row further, and where this row has got to, this row's own [chains x columns]. */
  const known = new Float64Array(chains * columns);
  /** Of who remains at this row, those of each column [chains x width]. */
  const ofColumn = new Float64Array(chains * width);
  /** Of who left one row further, those that remain at this column. */
  const ofRow = new Float64Array(chains);
  let row = rows;
  let column = columns;

  return {
    min,
    toRow(level) {
      row = level;
      for (let chain = 0; chain < chains; chain++) {
        const from = (chain * (rows + 1) + level + 1) * width;
        for (let c = 0; c < width; c++) ofColumn[chain * width + c] += cheapest[from + c];
      }
      min.fill(0);
      ofRow.fill(0);
    },
    toColumn(level) {
      column = level;
      for (let chain = 0; chain < chains; chain++) {
        ofRow[chain] += cheapest[(chain * (rows + 1) + row + 1) * width + column + 1];
        const pastColumn = min[chain] + ofColumn[chain * width + column + 1];
        const pastRow = known[chain * columns + column] + ofRow[chain];
        const bound = pastColumn > pastRow ? pastColumn : pastRow;
        min[chain] = bound;
        known[chain * columns + column] = bound;
      }
    },
    raise(chain, sum) {
      if (sum <= min[chain]) return;
      min[chain] = sum;
      known[chain * columns + column] = sum;
    },
  };
}
