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
  for (; k < <usize>count; k++) {
    const row = <u32>load<u16>(first + (k << 1)) >> 4;
    const column = <u32>load<u16>(second + (k << 1)) >> 2;
    countOne(bins, row * <u32>(stride << 2) + column);
  }
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

/**
 * Counts samples per pair of levels for `chainPair`: a count in the lower 24 bits of each bin, then in 20 bits
 * each how many the second exit gets right and the backbone wrong, and the reverse. At most 2^20 - 1 samples.
 */
export function countOutcomes(
  first: usize,
  second: usize,
  count: i32,
  bins: usize,
  stride: i32,
  binCount: i32,
): void {
  memory.fill(bins, 0, (<usize>binCount) << 3);
  for (let k: usize = 0; k < <usize>count; k++) {
    const a = <u32>load<u16>(first + (k << 1));
    const b = <u32>load<u16>(second + (k << 1));
    const bin = bins + ((<usize>((a >> 4) * <u32>stride + (b >> 4))) << 3);
    const exitRight = (b >> 3) & 1;
    const backboneRight = (b >> 2) & 1;
    const gained = (<u64>(exitRight & (backboneRight ^ 1))) << 24;
    const lost = (<u64>(backboneRight & (exitRight ^ 1))) << 44;
    store<u64>(bin, load<u64>(bin) + (gained | lost | 1));
  }
}

/**
 * One step of the chain bound, see `chain-bounds.ts`: what a second exit adds behind a first, for all levels.
 * @param bins of `countOutcomes` after `addRowsUp`
 * @param rows,columns levels of either exit that are of interest
 * @param passing samples that pass the first exit, per level [i32]
 * @param savedMs what leaving at the second exit saves against the backbone, heads not counted
 * @param price what a right sample is worth, ms
 * @param headMs of the second exit
 * @param nextHeadMs the cheapest head behind it
 * @param gains of chains behind an exit, [f64 x levels] per number of exits; address of the second exit's, whose
 * first row is for no exit
 * @param firstGains the same of the first exit, which is raised
 * @param lengths how many rows of gains there are
 * @param rowBytes from one number of exits to the next
 * @param best per level of the first exit, the most that chains through this second exit gain [f64], raised
 * @param losses per level of the first exit, how many that leave there the second would lose [i32], set
 */
export function chainPair(
  bins: usize,
  stride: i32,
  rows: i32,
  columns: i32,
  passing: usize,
  savedMs: f64,
  price: f64,
  headMs: f64,
  nextHeadMs: f64,
  gains: usize,
  firstGains: usize,
  lengths: i32,
  rowBytes: i32,
  best: usize,
  losses: usize,
): void {
  const longest = gains + <usize>((lengths - 1) * rowBytes);
  let allLost: i32 = 0;
  for (let column: i32 = 0; column < columns; column++) {
    allLost += <i32>(load<u64>(bins + ((<usize>column) << 3)) >> 44);
  }
  for (let row: i32 = 0; row < rows; row++) {
    const pass = load<i32>(passing + ((<usize>row) << 2));
    const bin = bins + ((<usize>((row + 1) * stride)) << 3);
    const paid = <f64>pass * headMs;
    let most = -Infinity;
    let run: u64 = 0;
    for (let column: usize = 0; column < <usize>columns; column++) {
      run += load<u64>(bin + (column << 3));
      const leaving = <i32>(run & 0xffffff);
      const net = <i32>((run >> 24) & 0xfffff) - <i32>(run >> 44);
      const gain = <f64>leaving * savedMs + <f64>net * price;
      let from = gains + (column << 3);
      let to = firstGains + ((<usize>row) << 3) + <usize>rowBytes;
      for (let length: i32 = 1; length < lengths; length++) {
        store<f64>(to, max(load<f64>(to), gain + load<f64>(from)));
        from += <usize>rowBytes;
        to += <usize>rowBytes;
      }
      const onwards = load<f64>(longest + (column << 3)) - <f64>(pass - leaving) * nextHeadMs;
      most = max(most, gain - paid + max<f64>(0, onwards));
    }
    store<f64>(best + ((<usize>row) << 3), most);
    store<i32>(losses + ((<usize>row) << 2), allLost - <i32>(run >> 44));
  }
}
