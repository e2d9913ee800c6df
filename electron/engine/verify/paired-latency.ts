import { ratioInterval } from "../../../shared/base/ratio-interval.ts";
import { median } from "../profile/statistics.ts";

/** What two networks took for the same samples, in the order in which they ran. */
export interface PairedTimes {
  readonly backboneMs: readonly number[];
  readonly planMs: readonly number[];
  /** Exit that each sample took in the plan. */
  readonly exits: readonly number[];
  /** Samples of a turn. */
  readonly turnSamples: number;
  /** How often each sample counts; once if absent. */
  readonly counts?: ArrayLike<number>;
}

/** Mean latencies of both and their ratio, with 95 % intervals where there are turns enough. */
export interface PairedLatency {
  readonly backbone: IntervalMean;
  readonly plan: IntervalMean;
  /** The backbone's mean over the plan's. */
  readonly speedup: number;
  readonly speedupInterval?: [number, number];
  /** Blocks of turns in a row, and those of them that means and speed-up leave out. */
  readonly blocks: number;
  readonly leftOutBlocks: number;
}

export interface IntervalMean {
  readonly meanMs: number;
  readonly meanInterval?: [number, number];
}

/** Blocks for the batch means: enough for their spread to be known well, and few, so that each outlasts most noise. */
const mostBlocks = 50;

/** Of fewer blocks it can't be told which ones are unlike the others. */
const fewestJudged = 10;

/** A block is unlike the others if it lies so many deviations off their median, and such deviations are at least this large. */
const unlikeDeviations = 4;
const leastDeviation = 0.01;

/** Where more are unlike the others the machine is busy all the time, and to leave out any would be a choice. */
const mostLeftOut = 0.2;

/** Of a normal distribution, the standard deviation over the median of the absolute deviations. */
const deviationOfMedian = 1.4826;

/**
 * Means and their ratio by batch means: consecutive turns are blocks, within which noise may last, and the spread of the
 * blocks gives the intervals. The ratio is of means over the same turns: what takes a share of all time, as other
 * processes do, takes the same share of both, while medians would favour the shorter runs, of which fewer are hit. A burst
 * that hits one network's turn alone is no such share: a block whose ratio is far off the others', on either side, counts
 * for neither, if such blocks are few; the plan's mean is then brought to the exits that all samples take.
 */
export function pairedLatency(times: PairedTimes): PairedLatency {
  const all = blocksOf(times);
  const unlike = unlikeBlocks(all);
  const kept = all.filter((_, block) => !unlike.has(block));
  const typical = (blocks: readonly Block[]) =>
    total(blocks, ({ typical }) => typical) / total(blocks, ({ count }) => count);
  const mix = unlike.size === 0 ? 1 : typical(all) / typical(kept);
  const counts = kept.map(({ count }) => count);
  const backboneMs = kept.map((block) => block.backboneMs);
  const planMs = kept.map((block) => mix * block.planMs);
  return {
    backbone: { meanMs: ratioOf(backboneMs, counts), meanInterval: ratioInterval(backboneMs, counts) },
    plan: { meanMs: ratioOf(planMs, counts), meanInterval: ratioInterval(planMs, counts) },
    speedup: ratioOf(backboneMs, planMs),
    speedupInterval: ratioInterval(backboneMs, planMs),
    blocks: all.length,
    leftOutBlocks: unlike.size,
  };
}

/** Sums over the samples of some turns in a row, each as often as it counts. */
interface Block {
  count: number;
  backboneMs: number;
  planMs: number;
  /** What the plan typically takes for these samples' exits, in latencies of the backbone. */
  typical: number;
  /** Times that the plan took over those that it typically takes, at the backbone's pace in this block. */
  pace: number;
}

function blocksOf({ backboneMs, planMs, exits, turnSamples, counts }: PairedTimes): Block[] {
  const samples = backboneMs.length;
  const turns = Math.ceil(samples / turnSamples);
  const blocks = Math.min(mostBlocks, turns);
  const members: number[][] = Array.from({ length: blocks }, () => []);
  for (let sample = 0; sample < samples; sample++)
    members[Math.floor((Math.floor(sample / turnSamples) * blocks) / turns)].push(sample);
  const backbonePace = members.map((own) => total(own, (sample) => backboneMs[sample]) / own.length);
  const ofExit: number[][] = [];
  for (const [block, own] of members.entries())
    for (const sample of own) {
      ofExit[exits[sample]] ??= [];
      ofExit[exits[sample]].push(planMs[sample] / backbonePace[block]);
    }
  const typicalOf = ofExit.map(median);
  const count = (sample: number) => counts?.[sample] ?? 1;
  return members
    .map((own, block) => ({
      count: total(own, count),
      backboneMs: total(own, (sample) => count(sample) * backboneMs[sample]),
      planMs: total(own, (sample) => count(sample) * planMs[sample]),
      typical: total(own, (sample) => count(sample) * typicalOf[exits[sample]]),
      pace:
        total(own, (sample) => planMs[sample]) /
        (backbonePace[block] * total(own, (sample) => typicalOf[exits[sample]])),
    }))
    .filter(({ count }) => count > 0);
}

/** Blocks in which one network ran unlike the other; which exits the samples took doesn't matter. */
function unlikeBlocks(blocks: readonly Block[]): Set<number> {
  if (blocks.length < fewestJudged) return new Set();
  const paces = blocks.map(({ pace }) => Math.log(pace));
  const centre = median(paces);
  const deviations = paces.map((pace) => Math.abs(pace - centre));
  const limit = unlikeDeviations * Math.max(leastDeviation, deviationOfMedian * median(deviations));
  const unlike = [...deviations.keys()].filter((block) => deviations[block] > limit);
  return new Set(unlike.length <= mostLeftOut * blocks.length ? unlike : []);
}

function total<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

function ratioOf(above: readonly number[], below: readonly number[]): number {
  return total(above, (value) => value) / total(below, (value) => value);
}
