/**
 * The other way to count: one bit per sample. Compiled by the bench, which compares it with the kernel that the
 * search uses.
 */

/**
 * Evaluates a row of plans that share all but the last exit's level.
 * @param underWay samples that reach the last exit [bytes, a multiple of 16]
 * @param leave,right per level who leaves, and who is right given that those leave [levels x bytes]
 * @param counts who leaves and who is right, per level [i32 x levels x 2]
 */
export function countRow(
  underWay: usize,
  leave: usize,
  right: usize,
  bytes: i32,
  levels: i32,
  counts: usize,
): void {
  for (let level: i32 = 0; level < levels; level++) {
    const start = <usize>(level * bytes);
    let leaving = i16x8.splat(0);
    let correct = i16x8.splat(0);
    for (let at: usize = 0; at < <usize>bytes; at += 16) {
      const mask = v128.load(underWay + at);
      const left = v128.and(mask, v128.load(leave + start + at));
      const fine = v128.and(mask, v128.load(right + start + at));
      leaving = i16x8.add(leaving, i16x8.extadd_pairwise_i8x16_u(i8x16.popcnt(left)));
      correct = i16x8.add(correct, i16x8.extadd_pairwise_i8x16_u(i8x16.popcnt(fine)));
    }
    store<i32>(counts + ((<usize>level) << 3), sum(leaving));
    store<i32>(counts + ((<usize>level) << 3), sum(correct), 4);
  }
}

function sum(lanes: v128): i32 {
  const four = i32x4.extadd_pairwise_i16x8_u(lanes);
  return (
    i32x4.extract_lane(four, 0) +
    i32x4.extract_lane(four, 1) +
    i32x4.extract_lane(four, 2) +
    i32x4.extract_lane(four, 3)
  );
}

/** What the machine can do at best: loads and adds, without popcounts; bytes are read `times` over. */
export function readOnly(from: usize, bytes: i32, times: i32): i64 {
  let a = i64x2.splat(0);
  let b = i64x2.splat(0);
  for (let time: i32 = 0; time < times; time++) {
    for (let at: usize = 0; at < <usize>bytes; at += 32) {
      a = i64x2.add(a, v128.load(from + at));
      b = i64x2.add(b, v128.load(from + at, 16));
    }
  }
  return i64x2.extract_lane(i64x2.add(a, b), 0);
}

/** Popcounts of what is in registers already, four independent chains; 64 bytes a turn. */
export function popcountOnly(turns: i32): i64 {
  let a = i64x2.splat(1);
  let b = i64x2.splat(2);
  let c = i64x2.splat(3);
  let d = i64x2.splat(4);
  for (let turn: i32 = 0; turn < turns; turn++) {
    a = i8x16.popcnt(a);
    b = i8x16.popcnt(b);
    c = i8x16.popcnt(c);
    d = i8x16.popcnt(d);
  }
  return i64x2.extract_lane(i64x2.add(i64x2.add(a, b), i64x2.add(c, d)), 0);
}
