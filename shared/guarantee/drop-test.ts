import { binomialMass, binomialTail, exactShareInterval } from "../base/binomial.ts";

/** What a plan changes on samples that the backbone answers as well. */
export interface PairedCounts {
  readonly samples: number;
  /** Samples that only the backbone has right. */
  readonly lost: number;
  /** Samples that only the plan has right. */
  readonly gained: number;
}

/** Share of the level that the confidence set of the nuisance parameter may spend. */
const NUISANCE_SHARE = 1 / 50;

/** Width of a cell of that set against the bound; what a cell costs in power is half of it. */
const CELL_WIDTH = 0.03;
const MAX_CELLS = 48;

/** Below so many changed samples their number says nothing of the spread. */
const MIN_SPREAD = 2;

/** Standard deviations around the mean that sums go over; what is left out is added as `OUTSIDE`. */
const REACH = 7.5;
const OUTSIDE = 1e-11;
/** So does each count of changes that is less probable than this. */
const MIN_MASS = 1e-15;

/**
 * How probable it is at the most to see so small an accuracy drop, or a smaller one, if the true drop is `bound` or
 * more: a p-value that holds at every sample size, for the test at level `level`.
 *
 * A sample is lost with probability l, gained with probability g; the drop is l - g, and how many change, l + g, is
 * the nuisance. The statistic is how far the drop stays below the bound in standard deviations estimated from the
 * changes; it hardly depends on l + g. The p-value is its largest exact probability over a confidence set of l + g,
 * plus what that set may miss (Berger and Boos 1994, doi:10.1080/01621459.1994.10476836). The set is cut into cells; fewer
 * losses and more gains only ever help a plan, so the cell's smallest l with its largest g bounds all of it.
 * @param bound share, 0-1
 * @param level chance of a wrong rejection that the caller accepts, fixed beforehand
 */
export function dropPValue(counts: PairedCounts, bound: number, level: number): number {
  const { samples, lost, gained } = counts;
  if (lost - gained >= samples * bound) return 1;
  const spent = NUISANCE_SHARE * level;
  const [from, to] = exactShareInterval(lost + gained, samples, spent);
  // No fewer can change than are lost.
  if (to < bound) return spent;
  const min = Math.max(from, bound);
  const region = rejectionRegion(counts, bound);
  const cells = Math.min(MAX_CELLS, Math.max(1, Math.ceil((to - min) / (CELL_WIDTH * bound))));
  let largest = 0;
  for (let cell = 0; cell < cells; cell++) {
    const low = min + ((to - min) * cell) / cells;
    const high = min + ((to - min) * (cell + 1)) / cells;
    largest = Math.max(largest, probability(region, samples, (low + bound) / 2, (high - bound) / 2));
  }
  return Math.min(1, spent + largest);
}

/** Of so many changed samples, the most that may be lost for the statistic to be at least the one seen. */
type Region = (changed: number) => number;

function rejectionRegion({ samples, lost, gained }: PairedCounts, bound: number): Region {
  const expected = samples * bound;
  const min = Math.max(expected, MIN_SPREAD);
  const spread = (changed: number) => Math.sqrt(Math.max(changed, min));
  // Up to here one more gain never costs more in spread than it brings.
  const maxStatistic = 2 * Math.sqrt(min);
  const statistic = Math.min(maxStatistic, (expected - (lost - gained)) / spread(lost + gained));
  return (changed) => Math.floor((changed + expected - statistic * spread(changed)) / 2 + 1e-9);
}

/** How probable the region is if samples are lost and gained with these probabilities. */
function probability(maxLost: Region, samples: number, lost: number, gained: number): number {
  const change = Math.min(1, lost + gained);
  const share = lost / change;
  const reach = REACH * Math.sqrt(samples * change * (1 - change)) + REACH;
  const first = Math.max(0, Math.floor(samples * change - reach));
  const last = Math.min(samples, Math.ceil(samples * change + reach));
  let sum = OUTSIDE;
  let mass = binomialMass(first, samples, change);
  for (let changed = first; changed <= last; changed++) {
    if (mass > MIN_MASS) sum += mass * binomialTail(Math.min(changed, maxLost(changed)), changed, share);
    mass *= ((samples - changed) * change) / ((changed + 1) * (1 - change));
  }
  return sum;
}

/** The smallest bound is found once its p-value is this share of the level, or once it is known to so much. */
const LEVEL_REACHED = 0.97;
const TOLERANCE = 1e-5;

/** The smallest bound on the drop that a plan would pass at this level, as share; of few samples another one may be a little smaller. */
export function smallestDropBound(counts: PairedCounts, level: number): number {
  const { samples, lost, gained } = counts;
  const excess = (bound: number) => Math.log(dropPValue(counts, bound, level) / level);
  const step = Math.sqrt(lost + gained + 4) / samples;
  let low = Math.max(0, (lost - gained) / samples);
  let atLow = -Math.log(level);
  let high = Math.min(1, low + 2 * step);
  let atHigh = excess(high);
  while (atHigh > 0 && high < 1) {
    [low, atLow] = [high, atHigh];
    high = Math.min(1, high + step);
    atHigh = excess(high);
  }
  // The logarithm of a p-value is close enough to a line to go by.
  while (high - low > TOLERANCE && atHigh < Math.log(LEVEL_REACHED)) {
    const share = Math.min(0.9, Math.max(0.1, atLow / (atLow - atHigh)));
    const middle = low + share * (high - low);
    const atMiddle = excess(middle);
    if (atMiddle > 0) [low, atLow] = [middle, atMiddle];
    else [high, atHigh] = [middle, atMiddle];
  }
  return high;
}
