/** What can be made less of when there is little time. */
export interface Amounts {
  /** Images that heads learn from, thresholds are chosen on, and results are reported on and files are verified with. */
  readonly train: number;
  readonly calibration: number;
  readonly test: number;
  /** Cut points that get heads, kinds of heads at each, and passes over the train images. */
  readonly cutPoints: number;
  readonly kinds: number;
  readonly epochs: number;
  /** Rounds of the profile, in each of which every exit is timed. */
  readonly rounds: number;
  /** Test images that are corrupted, each in every way; the only ones that a result can do without. */
  readonly corrupted: number;
}

/** Seconds that each amount takes. */
export interface Pace {
  /** An image through the backbone with all heads, its reading included; of the train split in all versions. */
  readonly image: number;
  readonly trainImage: number;
  /** An image of the calibration or test split through static networks as well. */
  readonly rivals: number;
  /** A test image through backbone and plan, one at a time. */
  readonly verified: number;
  /** A train image in one epoch of one head, and a head besides. */
  readonly headImage: number;
  readonly head: number;
  /** One round of the profile: of the backbone alone, and for each head. */
  readonly round: number;
  readonly roundPerHead: number;
  /** What the profile takes for each head before the first round. */
  readonly profilePerHead: number;
  /** A test image in all ways in which it is corrupted, through the backbone with all heads, and these ways besides. */
  readonly corrupted: number;
  readonly shifts: number;
}

/** What amounts take from training to corrupted images, seconds. */
export interface Expected {
  readonly train: number;
  readonly calibrate: number;
  readonly profile: number;
  readonly verify: number;
  readonly robustness: number;
}

/** How amounts are shared out, and what they are expected to take. */
export interface Share {
  readonly amounts: Amounts;
  readonly expected: Expected;
}

/** The range that is sensible: from what a result needs at least to what the person wants. */
export interface Bounds {
  readonly least: Amounts;
  readonly most: Amounts;
}

/**
 * Roughly what a result still loses, in percentage points of accuracy or per cent of latency, for each amount. Images and rounds
 * are samples, so that error falls with their square root: heads from n images are some 60 / sqrt(n) points less accurate;
 * with 5 % of the samples that only one of plan and backbone has right, the drop on n samples is known to
 * 100 sqrt(0.05 / n) points; single latencies scatter by some 5 %. Where exits may be and for how long heads learn matters
 * like its inverse: the best place is off by half of the distance between cut points.
 */
const losses: Readonly<Record<keyof Amounts, (amount: number) => number>> = {
  train: (images) => 60 / Math.sqrt(images),
  calibration: (images) => 22 / Math.sqrt(images),
  test: (images) => 22 / Math.sqrt(images),
  cutPoints: (count) => 30 / count,
  kinds: (count) => 1 / count,
  epochs: (count) => 6 / count,
  rounds: (count) => 5 / Math.sqrt(count),
  corrupted: (images) => 22 / Math.sqrt(images),
};

/** What is divided as finely as one likes; the others are tried one by one. */
const divisible = ["train", "calibration", "test", "rounds", "corrupted"] as const;
type Divisible = (typeof divisible)[number];
const sampleLoss: Readonly<Record<Divisible, number>> = {
  train: 60,
  calibration: 22,
  test: 22,
  rounds: 5,
  corrupted: 22,
};

/** Passes over the train images that are tried, per wanted pass. */
const epochShares = [1, 0.7, 0.5, 0.3];

/**
 * Shares time by what each second still gains: for every number of cut points, kinds and epochs the images and rounds are
 * such that one more second gains the same for all (Lagrange), and the best of these is taken.
 * @param seconds for training, calibration, profile, verification and corrupted images together
 * @returns all that is wanted if there is time for it; nothing corrupted if there isn't time for the least of all, and the least of
 *   the others if there isn't time for that
 */
export function shareTime(seconds: number, pace: Pace, bounds: Bounds): Share {
  const { least, most } = bounds;
  if (totalOf(expectedOf(most, pace)) <= seconds) return shareOf(most, pace);
  if (least.corrupted > 0 && totalOf(expectedOf(least, pace)) > seconds)
    return shareTime(seconds, pace, { least: { ...least, corrupted: 0 }, most: { ...most, corrupted: 0 } });
  let best = shareOf(least, pace);
  let lowest = Number.POSITIVE_INFINITY;
  for (const cutPoints of range(least.cutPoints, most.cutPoints))
    for (const kinds of range(least.kinds, most.kinds))
      for (const epochs of epochsBetween(least.epochs, most.epochs)) {
        const amounts = divide(seconds, pace, bounds, { cutPoints, kinds, epochs });
        const loss = amounts ? lossOf(amounts) : Number.POSITIVE_INFINITY;
        if (!amounts || loss >= lowest) continue;
        lowest = loss;
        best = shareOf(amounts, pace);
      }
  return best;
}

function epochsBetween(least: number, most: number): number[] {
  return [...new Set(epochShares.map((share) => Math.max(least, Math.round(share * most))))];
}

function shareOf(amounts: Amounts, pace: Pace): Share {
  return { amounts, expected: expectedOf(amounts, pace) };
}

export function expectedOf(
  { train, calibration, test, cutPoints, kinds, epochs, rounds, corrupted }: Amounts,
  pace: Pace,
): Expected {
  const heads = cutPoints * kinds;
  return {
    train: train * (pace.trainImage + heads * epochs * pace.headImage) + heads * pace.head,
    calibrate: (calibration + test) * (pace.image + pace.rivals),
    profile: rounds * (pace.round + heads * pace.roundPerHead) + heads * pace.profilePerHead,
    verify: test * pace.verified,
    robustness: corrupted > 0 ? pace.shifts + corrupted * pace.corrupted : 0,
  };
}

function totalOf({ train, calibrate, profile, verify, robustness }: Expected): number {
  return train + calibrate + profile + verify + robustness;
}

function lossOf(amounts: Amounts): number {
  // Nothing is lost by what there is no use for: where nothing learns there are no train images and no kinds; nor by what is left out anyway.
  return Object.entries(losses).reduce((sum, [key, loss]) => {
    const amount = amounts[key as keyof Amounts];
    return sum + (amount > 0 ? loss(amount) : 0);
  }, 0);
}

/**
 * Minimises the sum of w / sqrt(x) with the sum of c x given: x is proportional to (w / c)^(2/3), within its range, and the
 * factor is found by bisection.
 * @returns undefined if even the least takes longer
 */
function divide(
  seconds: number,
  pace: Pace,
  { least, most }: Bounds,
  fixed: Pick<Amounts, "cutPoints" | "kinds" | "epochs">,
): Amounts | undefined {
  const atLeast = { ...least, ...fixed };
  const start = totalOf(expectedOf(atLeast, pace));
  if (start > seconds) return undefined;
  const costOf = (key: Divisible) =>
    Math.max(1e-12, totalOf(expectedOf({ ...atLeast, [key]: atLeast[key] + 1 }, pace)) - start);
  const costs = Object.fromEntries(divisible.map((key) => [key, costOf(key)])) as Record<Divisible, number>;
  const amountsAt = (factor: number): Amounts => {
    const amount = (key: Divisible) => {
      const wanted = factor * (sampleLoss[key] / costs[key]) ** (2 / 3);
      return Math.floor(Math.min(most[key], Math.max(least[key], wanted)));
    };
    return { ...atLeast, ...Object.fromEntries(divisible.map((key) => [key, amount(key)])) };
  };
  let [low, high] = [0, 1];
  const fits = (factor: number) => totalOf(expectedOf(amountsAt(factor), pace)) <= seconds;
  while (fits(high) && high < 1e12) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return amountsAt(low);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, step) => from + step);
}
