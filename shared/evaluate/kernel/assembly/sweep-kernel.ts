/**
 * The passes over samples, in AssemblyScript: compiled to WebAssembly by `build-kernel.mjs`, called by
 * `sweep-kernel.ts`, tested against the plain evaluator. All arguments that are named after an array are
 * addresses in the module's memory, which the caller lays out; the module allocates nothing.
 *
 * Level codes are those of `level-codes.ts`: level << 4 | exit right << 3 | backbone right << 2 | two flags.
 */

/**
 * Lists who stays under way past an exit: those whose code is at least `staying`.
 * @param underWay samples that arrive [i32 x count], and their codes at the exit [u16 x count]
 * @param stayers the samples that stay [i32 x at most count]
 * @returns how many they are; above them, shifted by 32, how many left rightly
 */
export function listStayers(underWay: usize, codes: usize, count: i32, staying: i32, stayers: usize): i64 {
  let stayed: i32 = 0;
  let leftRight: i32 = 0;
  for (let k: usize = 0; k < <usize>count; k++) {
    const code = <i32>load<u16>(codes + (k << 1));
    store<i32>(stayers + ((<usize>stayed) << 2), load<i32>(underWay + (k << 2)));
    const stays = <i32>(code >= staying);
    stayed += stays;
    leftRight += (code >> 3) & (stays ^ 1);
  }
  return ((<i64>leftRight) << 32) | <i64>stayed;
}

/** Copies the codes of some samples, so that every later pass reads them one after the other. */
export function gather(codes: usize, samples: usize, count: i32, target: usize): void {
  for (let k: usize = 0; k < <usize>count; k++) {
    store<u16>(target + (k << 1), load<u16>(codes + ((<usize>load<u32>(samples + (k << 2))) << 1)));
  }
}

/** Counts samples per code: bins [i32 x (levels + 1) * 16]. */
export function countCodes(codes: usize, count: i32, bins: usize, binCount: i32): void {
  memory.fill(bins, 0, (<usize>binCount) << 2);
  for (let k: usize = 0; k < <usize>count; k++) {
    const bin = bins + ((<usize>load<u16>(codes + (k << 1))) << 2);
    store<i32>(bin, load<i32>(bin) + 1);
  }
}

/**
 * Counts samples per pair of levels: bins [i32 x (rows + 1) * stride * 4], a row per level of the first exit, in
 * it four bins per level of the second: neither it nor the backbone right, the backbone alone, the exit alone, both.
 */
export function countPairs(
  first: usize,
  second: usize,
  count: i32,
  bins: usize,
  stride: i32,
  rows: i32,
): void {
  const binCount = (rows + 1) * stride * 4;
  memory.fill(bins, 0, (<usize>binCount) << 2);
  let k: usize = 0;
  // Eight bin numbers at once where they fit 16 bits; what is left is the counting itself.
  const inEights = binCount <= 0x10000 ? <usize>(count & ~7) : 0;
  const width = i16x8.splat(<i16>(stride << 2));
  for (; k < inEights; k += 8) {
    const row = i16x8.shr_u(v128.load(first + (k << 1)), 4);
    const column = i16x8.shr_u(v128.load(second + (k << 1)), 2);
    const at = i16x8.add(i16x8.mul(row, width), column);
    countEight(bins, at);
  }
  for (; k < <usize>count; k++) {
    const row = <u32>load<u16>(first + (k << 1)) >> 4;
    const column = <u32>load<u16>(second + (k << 1)) >> 2;
    countOne(bins, row * <u32>(stride << 2) + column);
  }
}

/** Counts eight bin numbers of 16 bits. */
function countEight(bins: usize, at: v128): void {
  const low = <u64>i64x2.extract_lane(at, 0);
  const high = <u64>i64x2.extract_lane(at, 1);
  countOne(bins, <u32>low & 0xffff);
  countOne(bins, <u32>high & 0xffff);
  countOne(bins, <u32>(low >> 16) & 0xffff);
  countOne(bins, <u32>(high >> 16) & 0xffff);
  countOne(bins, <u32>(low >> 32) & 0xffff);
  countOne(bins, <u32>(high >> 32) & 0xffff);
  countOne(bins, <u32>(low >> 48));
  countOne(bins, <u32>(high >> 48));
}

function countOne(bins: usize, at: u32): void {
  const bin = bins + ((<usize>at) << 2);
  store<i32>(bin, load<i32>(bin) + 1);
}

/** Adds up the bins of each row above the last, from the last row up: each then covers all later levels. */
export function addRowsUp(bins: usize, rows: i32, stride: i32): void {
  const rowBytes = (<usize>stride) << 4;
  for (let row: usize = <usize>rows; row > 1; row--) {
    const from = bins + row * rowBytes;
    const to = from - rowBytes;
    for (let at: usize = 0; at < rowBytes; at += 16) {
      v128.store(to + at, i32x4.add(v128.load(to + at), v128.load(from + at)));
    }
  }
}

/** Which plans of a pass are written out. */
let hitPlans: usize = 0;
let hitRight: usize = 0;
let hitLatency: usize = 0;
let hitPassing: usize = 0;
let hits: i32 = 0;

export function writeHitsTo(plans: usize, right: usize, latency: usize, passingBoth: usize): void {
  hitPlans = plans;
  hitRight = right;
  hitLatency = latency;
  hitPassing = passingBoth;
}

function writeHit(plan: i32, right: i32, latency: f64, passingBoth: i32): void {
  store<i32>(hitPlans + ((<usize>hits) << 2), plan);
  store<i32>(hitRight + ((<usize>hits) << 2), right);
  store<f64>(hitLatency + ((<usize>hits) << 3), latency);
  store<i32>(hitPassing + ((<usize>hits) << 2), passingBoth);
  hits++;
}

/**
 * Writes the plans of a pair of exits whose mean latency is below the curve, a latency per number of right
 * samples [f64 x samples + 1].
 * @param bins of `countPairs` after `addRowsUp`
 * @param passing samples that pass the first exit, per level [i32]
 * @param rightBase samples right if those that pass leave at the backbone, per level [i32]
 * @param prefixSum sum of the latencies of the samples that left before the first exit, ms
 * @param plainSamples how many samples there are, as divisor of the sum
 * @returns how many plans were written, row-major
 */
export function meanHits(
  bins: usize,
  stride: i32,
  fromRow: i32,
  toRow: i32,
  columns: i32,
  remaining: i32,
  passing: usize,
  rightBase: usize,
  prefixSum: f64,
  firstMs: f64,
  secondMs: f64,
  backboneMs: f64,
  samples: f64,
  curve: usize,
): i32 {
  hits = 0;
  // A sum is compared before it is divided; the rounding of either never hides a plan.
  const scale = samples * (1 + 1e-14);
  for (let row = fromRow; row < toRow; row++) {
    const pass = load<i32>(passing + ((<usize>row) << 2));
    const base = load<i32>(rightBase + ((<usize>row) << 2));
    const sum = prefixSum + <f64>(remaining - pass) * firstMs;
    const bin = bins + ((<usize>((row + 1) * stride)) << 4);
    let withoutExit: i64 = 0;
    let withExit: i64 = 0;
    for (let column: i32 = 0; column < columns; column++) {
      // Two bins a sum, the one where the backbone is right in the upper half.
      withoutExit += load<i64>(bin + ((<usize>column) << 4));
      withExit += load<i64>(bin + ((<usize>column) << 4), 8);
      const both = withoutExit + withExit;
      const leaving = <i32>both + <i32>(both >> 32);
      const right = base + <i32>withExit - <i32>(withoutExit >> 32);
      const latencySum = sum + <f64>leaving * secondMs + <f64>(pass - leaving) * backboneMs;
      const limit = load<f64>(curve + ((<usize>right) << 3));
      if (latencySum < limit * scale) {
        const latency = latencySum / samples;
        if (latency < limit) writeHit((row - fromRow) * columns + column, right, latency, pass - leaving);
      }
    }
  }
  return hits;
}

/**
 * The same for a percentile: the smallest latency that at least `needed` samples don't exceed.
 * @param order the groups of equal latency by rising latency [i32 x groups]; group `depth` is the first exit's,
 * the second's and the backbone's follow
 * @param counts samples per group [i32 x groups]; those of the last three are scratch
 * @param costs latency per group [f64 x groups], ms
 */
export function percentileHits(
  bins: usize,
  stride: i32,
  fromRow: i32,
  toRow: i32,
  columns: i32,
  remaining: i32,
  passing: usize,
  rightBase: usize,
  order: usize,
  counts: usize,
  costs: usize,
  depth: i32,
  needed: i32,
  curve: usize,
): i32 {
  hits = 0;
  const first = counts + ((<usize>depth) << 2);
  for (let row = fromRow; row < toRow; row++) {
    const pass = load<i32>(passing + ((<usize>row) << 2));
    const base = load<i32>(rightBase + ((<usize>row) << 2));
    store<i32>(first, remaining - pass);
    const bin = bins + ((<usize>((row + 1) * stride)) << 4);
    let withoutExit: i64 = 0;
    let withExit: i64 = 0;
    for (let column: i32 = 0; column < columns; column++) {
      // Two bins a sum, the one where the backbone is right in the upper half.
      withoutExit += load<i64>(bin + ((<usize>column) << 4));
      withExit += load<i64>(bin + ((<usize>column) << 4), 8);
      const both = withoutExit + withExit;
      const leaving = <i32>both + <i32>(both >> 32);
      const right = base + <i32>withExit - <i32>(withoutExit >> 32);
      store<i32>(first, leaving, 4);
      store<i32>(first, pass - leaving, 8);
      let within: i32 = 0;
      let at = order;
      let group: usize = 0;
      do {
        group = <usize>load<u32>(at);
        within += load<i32>(counts + (group << 2));
        at += 4;
      } while (within < needed);
      const latency = load<f64>(costs + (group << 3));
      if (latency < load<f64>(curve + ((<usize>right) << 3))) {
        writeHit((row - fromRow) * columns + column, right, latency, pass - leaving);
      }
    }
  }
  return hits;
}

/** Marks all samples as leaving at the backbone, behind `exits` exits of a suffix: outcomes [u16 x count]. */
export function markBackbone(codes: usize, count: i32, exits: i32, outcomes: usize): void {
  const bytes = (<usize>count) << 1;
  const leaving = i16x8.splat(<i16>(exits << 1));
  const one = i16x8.splat(1);
  for (let at: usize = 0; at < bytes; at += 16) {
    const right = v128.and(i16x8.shr_u(v128.load(codes + at), 2), one);
    v128.store(outcomes + at, v128.or(leaving, right));
  }
}

/** Marks those whose code is below `staying` as leaving at exit number `exit` of a suffix. */
export function markLeavers(codes: usize, count: i32, staying: i32, exit: i32, outcomes: usize): void {
  const bytes = (<usize>count) << 1;
  const leaving = i16x8.splat(<i16>(exit << 1));
  const limit = i16x8.splat(<i16>staying);
  const one = i16x8.splat(1);
  for (let at: usize = 0; at < bytes; at += 16) {
    const code = v128.load(codes + at);
    const marked = v128.or(leaving, v128.and(i16x8.shr_u(code, 3), one));
    const leaves = i16x8.lt_u(code, limit);
    v128.store(outcomes + at, v128.bitselect(marked, v128.load(outcomes + at), leaves));
  }
}

/**
 * Counts samples per level and rightness at an exit and outcome behind it: bins [i32 x binCount], `width` a row.
 * @param outcomes of `markBackbone` and `markLeavers` [u16 x count]
 */
export function countOutcomes(
  codes: usize,
  outcomes: usize,
  count: i32,
  bins: usize,
  width: i32,
  binCount: i32,
): void {
  memory.fill(bins, 0, (<usize>binCount) << 2);
  let k: usize = 0;
  const inEights = binCount <= 0x10000 ? <usize>(count & ~7) : 0;
  const widths = i16x8.splat(<i16>width);
  for (; k < inEights; k += 8) {
    const row = i16x8.shr_u(v128.load(codes + (k << 1)), 3);
    const at = i16x8.add(i16x8.mul(row, widths), v128.load(outcomes + (k << 1)));
    countEight(bins, at);
  }
  for (; k < <usize>count; k++) {
    const row = <u32>load<u16>(codes + (k << 1)) >> 3;
    countOne(bins, row * <u32>width + <u32>load<u16>(outcomes + (k << 1)));
  }
}

/**
 * Sorts samples by falling level at an exit, by counting.
 * @param codes their codes at the exit [u16 x count]
 * @param ends how many have at least a level [i32 x levels + 2]
 * @param sorted the samples, sorted [i32 x count]
 */
export function sortByLevel(
  codes: usize,
  samples: usize,
  count: i32,
  levels: i32,
  ends: usize,
  sorted: usize,
): void {
  memory.fill(ends, 0, (<usize>(levels + 2)) << 2);
  for (let k: usize = 0; k < <usize>count; k++) countOne(ends, <u32>load<u16>(codes + (k << 1)) >> 4);
  let higher: i32 = 0;
  for (let level = levels; level >= 0; level--) {
    const end = ends + ((<usize>level) << 2);
    const own = load<i32>(end);
    store<i32>(end, higher);
    higher += own;
  }
  for (let k: usize = 0; k < <usize>count; k++) {
    const end = ends + ((<usize>load<u16>(codes + (k << 1)) >> 4) << 2);
    const at = load<i32>(end);
    store<i32>(sorted + ((<usize>at) << 2), load<i32>(samples + (k << 2)));
    store<i32>(end, at + 1);
  }
}

/**
 * Gathers the rows that samples have in a table of a row per level of an exit: offsets in bytes [u32 x count], whose
 * two lowest bits are the flags whether exit and backbone are right.
 */
export function gatherRows(codes: usize, samples: usize, count: i32, rowBytes: u32, rows: usize): void {
  for (let k: usize = 0; k < <usize>count; k++) {
    const code = <u32>load<u16>(codes + ((<usize>load<u32>(samples + (k << 2))) << 1)) >> 2;
    store<u32>(rows + (k << 2), ((code >> 2) * rowBytes) | (code & 3));
  }
}

/** The same for columns [u16 x count]. @param columnAt where a level's column is [u16 x levels + 1] */
export function gatherColumns(
  codes: usize,
  samples: usize,
  count: i32,
  columnAt: usize,
  columns: usize,
): void {
  for (let k: usize = 0; k < <usize>count; k++) {
    const code = <u32>load<u16>(codes + ((<usize>load<u32>(samples + (k << 2))) << 1)) >> 2;
    const column = <u32>load<u16>(columnAt + ((<usize>(code >> 2)) << 1));
    store<u16>(columns + (k << 1), <u16>(column | (code & 3)));
  }
}

/** Where `minOfPairs` keeps sums between one block of 32 columns and the next [v128 x rows + 1 each]. */
let carriedSums: usize = 0;
let carriedMinima: usize = 0;

export function carryTo(sums: usize, minima: usize): void {
  carriedSums = sums;
  carriedMinima = minima;
}

/**
 * Per level of a first exit the minimum, over all pairs of levels of two later ones, that these add to what the samples
 * cost that pass the first: a whole number per sample that leaves at one of the two, by its flags there.
 *
 * Samples are added as the first exit lets more of them pass, so each is counted once for all its levels. Columns
 * lie so that a vector holds one of each quarter of a row: adding up vectors adds up all four. Behind them each row has
 * a bin for who never leaves and one for what leaving at the second exit costs.
 * @param rows, columns of `gatherRows` at the second exit and `gatherColumns` at the third, by falling level of the first
 * @param ends of `sortByLevel`
 * @param levels of the first exit; @param rowCount of the second; @param blocks of 32 columns in a row
 * @param rowPrices, columnPrices what leaving there costs beyond continuing, by flags [i32 x 4]
 * @param bins [i32 x (rowCount + 1) * (blocks * 32 + 4)]; @param minima [i32 x levels]
 */
export function minOfPairs(
  rows: usize,
  columns: usize,
  ends: usize,
  levels: i32,
  rowCount: i32,
  blocks: i32,
  rowPrices: usize,
  columnPrices: usize,
  bins: usize,
  minima: usize,
): void {
  const columnBytes = (<usize>blocks) << 7;
  memory.fill(bins, 0, <usize>(rowCount + 1) * (columnBytes + 16));
  const rowSums = bins + columnBytes + 4;
  let k: usize = 0;
  for (let level = levels - 1; level >= 0; level--) {
    const end = <usize>load<u32>(ends + ((<usize>(level + 1)) << 2));
    for (; k < end; k++) {
      const row = <usize>load<u32>(rows + (k << 2));
      const column = <usize>load<u16>(columns + (k << 1));
      const at = row & ~3;
      const rowSum = rowSums + at;
      store<i32>(rowSum, load<i32>(rowSum) + load<i32>(rowPrices + ((row & 3) << 2)));
      const bin = bins + at + (column & ~3);
      store<i32>(bin, load<i32>(bin) + load<i32>(columnPrices + ((column & 3) << 2)));
    }
    store<i32>(minima + ((<usize>level) << 2), minOfRows(rowCount, blocks, bins));
  }
}

function minOfRows(rowCount: i32, blocks: i32, bins: usize): i32 {
  const columnBytes = (<usize>blocks) << 7;
  const rowBytes = columnBytes + 16;
  const rowSums = bins + columnBytes + 4;
  let all: i32 = 0;
  for (let row: usize = 0; row <= <usize>rowCount; row++) all += load<i32>(rowSums + row * rowBytes);
  let best = i32x4.splat(i32.MAX_VALUE);
  for (let block: i32 = 0; block < blocks; block++) {
    let sum0 = i32x4.splat(0);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    let sum4 = sum0;
    let sum5 = sum0;
    let sum6 = sum0;
    let sum7 = sum0;
    let leaving = all;
    for (let row = rowCount; row > 0; row--) {
      const from = bins + <usize>row * rowBytes + <usize>block * 128;
      // Each row covers all later ones: who passes the second exit at the level before it.
      sum0 = i32x4.add(sum0, v128.load(from));
      sum1 = i32x4.add(sum1, v128.load(from, 16));
      sum2 = i32x4.add(sum2, v128.load(from, 32));
      sum3 = i32x4.add(sum3, v128.load(from, 48));
      sum4 = i32x4.add(sum4, v128.load(from, 64));
      sum5 = i32x4.add(sum5, v128.load(from, 80));
      sum6 = i32x4.add(sum6, v128.load(from, 96));
      sum7 = i32x4.add(sum7, v128.load(from, 112));
      const carried = (<usize>row) << 4;
      let sum = sum0;
      let low = sum0;
      if (block > 0) {
        sum = i32x4.add(sum, v128.load(carriedSums + carried));
        low = i32x4.min_s(sum, v128.load(carriedMinima + carried));
      }
      sum = i32x4.add(sum, sum1);
      low = i32x4.min_s(low, sum);
      sum = i32x4.add(sum, sum2);
      low = i32x4.min_s(low, sum);
      sum = i32x4.add(sum, sum3);
      low = i32x4.min_s(low, sum);
      sum = i32x4.add(sum, sum4);
      low = i32x4.min_s(low, sum);
      sum = i32x4.add(sum, sum5);
      low = i32x4.min_s(low, sum);
      sum = i32x4.add(sum, sum6);
      low = i32x4.min_s(low, sum);
      sum = i32x4.add(sum, sum7);
      low = i32x4.min_s(low, sum);
      if (block + 1 < blocks) {
        v128.store(carriedSums + carried, sum);
        v128.store(carriedMinima + carried, low);
      } else {
        const none = i32x4.splat(0);
        leaving -= load<i32>(rowSums + <usize>row * rowBytes);
        // Each quarter of the row begins where the ones before it end.
        const before = i32x4.add(
          v128.shuffle<i32>(none, sum, 0, 4, 5, 6),
          i32x4.add(v128.shuffle<i32>(none, sum, 0, 1, 4, 5), v128.shuffle<i32>(none, sum, 0, 1, 2, 4)),
        );
        best = i32x4.min_s(best, i32x4.add(i32x4.add(low, before), i32x4.splat(leaving)));
      }
    }
  }
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 2, 3, 0, 1));
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 1, 0, 3, 2));
  return i32x4.extract_lane(best, 0);
}
