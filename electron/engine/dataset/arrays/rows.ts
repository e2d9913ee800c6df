import { AppError } from "../../../../shared/base/errors.ts";
import { type ByteRange, readBytes } from "../../base/byte-range.ts";

/** Records of equal length, read on demand. */
export interface Rows {
  readonly count: number;
  readonly rowBytes: number;
  /**
   * The rows at `indices`, in that order, back to back in an array of their own.
   * @throws AppError 'shape-mismatch' if an index is out of range
   */
  read(indices: ArrayLike<number>): Promise<Uint8Array>;
}

/** Rows closer together than this are fetched by one read. */
const WIDEST_GAP_BYTES = 16_384;
const LONGEST_RUN_BYTES = 4 * 2 ** 20;

/** Rows that lie back to back from the start of `range`. */
export function rowsOf(range: ByteRange, rowBytes: number, count: number): Rows {
  return {
    count,
    rowBytes,
    read: async (indices) => {
      checkIndices(indices, count);
      const into = new Uint8Array(indices.length * rowBytes);
      const runs = runsOf(indices, rowBytes);
      await Promise.all(runs.map((run) => readRun(range, indices, rowBytes, run, into)));
      return into;
    },
  };
}

/** Several sources of equally long rows as one. */
export function concatRows(sources: readonly Rows[]): Rows {
  const starts = [0];
  for (const source of sources) starts.push(starts[starts.length - 1] + source.count);
  const count = starts[sources.length];
  const { rowBytes } = sources[0];
  return {
    count,
    rowBytes,
    read: async (indices) => {
      checkIndices(indices, count);
      const into = new Uint8Array(indices.length * rowBytes);
      for (const [number, places] of placesBySource(indices, starts)) {
        const rows = await sources[number].read(places.map((place) => indices[place] - starts[number]));
        places.forEach((place, row) => {
          into.set(rows.subarray(row * rowBytes, (row + 1) * rowBytes), place * rowBytes);
        });
      }
      return into;
    },
  };
}

/** The source of each place in `indices`, with all places that lie in it. @param starts ascending, the first row of each */
function placesBySource(indices: ArrayLike<number>, starts: readonly number[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (let place = 0; place < indices.length; place++) {
    const number = lastNotAbove(starts, indices[place]);
    const places = found.get(number) ?? [];
    places.push(place);
    found.set(number, places);
  }
  return found;
}

/** Index of the last of some ascending numbers that isn't above `value`. */
export function lastNotAbove(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (ascending[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Places in `indices` whose rows lie near each other, by rising row. */
function runsOf(indices: ArrayLike<number>, rowBytes: number): number[][] {
  const places = Array.from({ length: indices.length }, (_, place) => place);
  places.sort((a, b) => indices[a] - indices[b]);
  const runs: number[][] = [];
  for (const place of places) {
    const run = runs[runs.length - 1];
    if (run !== undefined && fits(indices, rowBytes, run, place)) run.push(place);
    else runs.push([place]);
  }
  return runs;
}

function fits(indices: ArrayLike<number>, rowBytes: number, run: readonly number[], place: number): boolean {
  const gap = (indices[place] - indices[run[run.length - 1]] - 1) * rowBytes;
  const length = (indices[place] - indices[run[0]] + 1) * rowBytes;
  return gap <= WIDEST_GAP_BYTES && length <= LONGEST_RUN_BYTES;
}

async function readRun(
  range: ByteRange,
  indices: ArrayLike<number>,
  rowBytes: number,
  run: readonly number[],
  into: Uint8Array,
): Promise<void> {
  const first = indices[run[0]];
  const last = indices[run[run.length - 1]];
  const bytes = await readBytes(range, first * rowBytes, (last - first + 1) * rowBytes);
  for (const place of run) {
    const start = (indices[place] - first) * rowBytes;
    into.set(bytes.subarray(start, start + rowBytes), place * rowBytes);
  }
}

function checkIndices(indices: ArrayLike<number>, count: number): void {
  for (let place = 0; place < indices.length; place++) {
    if (!(indices[place] >= 0 && indices[place] < count)) {
      throw new AppError("shape-mismatch", `row ${indices[place]} is out of range, there are ${count}`);
    }
  }
}
