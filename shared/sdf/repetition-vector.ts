import { AppError } from "../base/errors.ts";
import { type SdfGraph, topologyMatrix } from "./sdf-graph.ts";

/** Below this a pivot is rounding error; rates are shares of samples, so either above it or zero. */
const NOTHING = 1e-9;

/**
 * How often each actor fires per firing of the first one, so that every channel ends as it began: the null space
 * of the topology matrix, which has one dimension if the graph is connected and its rates agree.
 * @returns per actor [actors], 1 for the first
 * @throws AppError 'internal' if the rank isn't the number of actors minus one
 * @see Lee & Messerschmitt 1987, theorem 1
 */
export function repetitionVector(graph: SdfGraph): number[] {
  const actors = graph.actors.length;
  const { rows, pivots } = rowReduce(topologyMatrix(graph), actors);
  if (pivots.length !== actors - 1)
    throw new AppError(
      "internal",
      `the topology matrix has rank ${pivots.length} over ${actors} actors, expected ${actors - 1}: ` +
        (pivots.length === actors ? "the channels' rates contradict each other" : "it falls into parts"),
    );
  // Pivots rise, so the column without one is where they are first behind, or the last.
  const behind = pivots.findIndex((pivot, row) => pivot !== row);
  const free = behind < 0 ? pivots.length : behind;
  const solution = new Array<number>(actors).fill(0);
  solution[free] = 1;
  // A row says pivot + coefficient * free = 0.
  for (const [row, pivot] of pivots.entries()) solution[pivot] = 0 - rows[row][free];
  return solution.map((firings) => firings / solution[0]);
}

/** Gauss and Jordan, with the largest pivot of each column. @returns the columns that have one, by row */
function rowReduce(matrix: readonly (readonly number[])[], columns: number) {
  const rows = matrix.map((row) => [...row]);
  const pivots: number[] = [];
  for (let column = 0; column < columns; column++) {
    const at = pivots.length;
    let largest = at;
    for (let row = at; row < rows.length; row++)
      if (Math.abs(rows[row][column]) > Math.abs(rows[largest][column])) largest = row;
    const pivot = rows[largest]?.[column] ?? 0;
    if (Math.abs(pivot) < NOTHING) continue;
    [rows[at], rows[largest]] = [rows[largest], rows[at]];
    rows[at] = rows[at].map((value) => value / pivot);
    for (let row = 0; row < rows.length; row++) {
      const factor = rows[row][column];
      if (row === at || factor === 0) continue;
      rows[row] = rows[row].map((value, k) => value - factor * rows[at][k]);
    }
    pivots.push(column);
  }
  return { rows, pivots };
}
