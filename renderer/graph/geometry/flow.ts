/** Width of a line that all samples pass along, px; fewer samples, a narrower line. */
const fullWidth = 10;
const minWidth = 1.5;
/** Where rates are not known yet. */
const unknownWidth = 3;

/** @param share of all samples, 0-1 */
export function flowWidth(share: number | undefined): number {
  return share === undefined ? unknownWidth : Math.max(minWidth, fullWidth * share);
}

/**
 * Share of the samples that reach each part of the backbone.
 * @param parts number of cut points plus one
 * @param positions cut-point index of each of the plan's exits, rising
 * @param exitRates share that leaves at each exit, the backbone's own output last
 * @returns per part, length `parts`: before cut point 0, between cut points 0 and 1, …, after the last
 */
export function reachingShares(
  parts: number,
  positions: readonly number[],
  exitRates: readonly number[],
): readonly number[] {
  const leaving = new Array<number>(parts).fill(0);
  positions.forEach((position, exit) => {
    leaving[position + 1] += exitRates[exit];
  });
  let share = 1;
  return leaving.map((rate) => {
    share = Math.max(0, share - rate);
    return share;
  });
}
