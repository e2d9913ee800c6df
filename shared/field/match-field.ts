import type { Job } from "../base/job.ts";
import { routeSamples } from "../evaluate/evaluate-plan.ts";
import { confidenceBins } from "../files/field-counts.ts";
import { wholeWeights } from "../space/sample-weights.ts";
import type { SearchSpace } from "../space/search-space.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";
import { binOfSample, type ObservedExits } from "./observed-exits.ts";

/** A space whose samples count as often as their like come in the field. */
export interface MatchedSpace {
  readonly space: SearchSpace;
  /** Share of the field's inputs that do what no sample does. */
  readonly unmatched: number;
  /** By which share the farthest group of samples is off still. */
  readonly residual: number;
}

/** Groups of samples, and what share of the field each is. */
interface Margin {
  /** Per sample [samples]. */
  readonly groups: Uint16Array;
  /** Of what the samples have the like of; they sum to 1. */
  readonly shares: readonly number[];
  readonly unmatched: number;
}

/** Bins are joined until so many samples are in each, or their weights would follow chance. */
const samplesPerGroup = 20;

const maxRounds = 500;
const tolerance = 1e-6;

/**
 * Weighs samples so that as many leave at each exit, and are as sure there, as in the field: by raking, which of all
 * weights that do so changes those at hand the least. It knows no labels: what it says of accuracy holds if images of one
 * confidence are as often right there as here.
 * @param exits of the plan, with the thresholds that the field was counted with
 * @returns undefined if no sample does what is done there
 * @throws AppError 'cancelled'
 * @see Deming and Stephan 1940, doi:10.1214/aoms/1177731829; Shimodaira 2000, doi:10.1016/S0378-3758(00)00115-4
 */
export async function matchField(
  space: SearchSpace,
  exits: readonly ThresholdedExit[],
  field: ObservedExits,
  job: Job,
): Promise<MatchedSpace | undefined> {
  const { exit: taken } = routeSamples(space, exits);
  const margins = exits.map((_, exit) => marginAt(space, exits, taken, exit, field));
  const weights = Float64Array.from(
    { length: space.samples },
    (_, sample) => space.weights?.counts[sample] ?? 1,
  );
  let residual = 1;
  for (let round = 0; round < maxRounds && residual > tolerance; round++) {
    await job.pause();
    residual = 0;
    for (const margin of margins) residual = Math.max(residual, fitMargin(weights, margin));
  }
  if (!weights.some((weight) => weight > 0)) return undefined;
  const unmatched = Math.max(...margins.map((margin) => margin.unmatched));
  // Rounded group by group, so that each is off by one sample at the most.
  const rounded = wholeWeights(weights, margins[0].groups);
  return { space: { ...space, weights: rounded }, unmatched, residual };
}

/** @returns by which share the group that was off most was off before */
function fitMargin(weights: Float64Array, { groups, shares }: Margin): number {
  const held = new Float64Array(shares.length);
  let total = 0;
  for (let sample = 0; sample < weights.length; sample++) {
    held[groups[sample]] += weights[sample];
    total += weights[sample];
  }
  const factors = shares.map((share, group) => (held[group] > 0 ? (share * total) / held[group] : 0));
  for (let sample = 0; sample < weights.length; sample++) weights[sample] *= factors[groups[sample]];
  return Math.max(...shares.map((share, group) => Math.abs(share - held[group] / total)));
}

/** Who doesn't reach an exit is one group there; the others are told by whether they leave, and by confidence. */
function marginAt(
  space: SearchSpace,
  exits: readonly ThresholdedExit[],
  taken: Uint8Array,
  exit: number,
  field: ObservedExits,
): Margin {
  const cells = new Uint16Array(space.samples);
  const here = new Array<number>(1 + 2 * confidenceBins).fill(0);
  for (let sample = 0; sample < space.samples; sample++) {
    if (taken[sample] >= exit) {
      const side = taken[sample] === exit ? confidenceBins : 0;
      cells[sample] = 1 + side + binOfSample(space, exits[exit], sample);
    }
    here[cells[sample]]++;
  }
  const there = fieldCells(field, exit);
  const groupOf = [0, ...joinBins(here.slice(1, 1 + confidenceBins), 1)];
  groupOf.push(...joinBins(here.slice(1 + confidenceBins), 1 + groupOf[confidenceBins]));
  const samples = new Array<number>(groupOf[2 * confidenceBins] + 1).fill(0);
  const wanted = [...samples];
  groupOf.forEach((group, cell) => {
    samples[group] += here[cell];
    wanted[group] += there[cell];
  });
  const matched = wanted.reduce((sum, count, group) => (samples[group] > 0 ? sum + count : sum), 0);
  return {
    groups: Uint16Array.from(cells, (cell) => groupOf[cell]),
    shares: wanted.map((count, group) => (samples[group] > 0 && matched > 0 ? count / matched : 0)),
    unmatched: 1 - matched / field.inputs,
  };
}

/** The field's inputs as samples are told apart: those that left before; by bin those that went on, and those that left. */
function fieldCells({ inputs, left, confidence }: ObservedExits, exit: number): number[] {
  const reaching = confidence[exit];
  const leaving = new Array<number>(confidenceBins).fill(0);
  let toLeave = left[exit];
  for (let bin = confidenceBins - 1; bin >= 0; bin--) {
    leaving[bin] = Math.min(toLeave, reaching[bin]);
    toLeave -= leaving[bin];
  }
  const passed = inputs - reaching.reduce((sum, count) => sum + count, 0);
  return [passed, ...reaching.map((count, bin) => count - leaving[bin]), ...leaving];
}

/**
 * Joins neighbouring bins to groups of enough samples each.
 * @param first number of the first group
 * @returns the group of each bin
 */
function joinBins(samples: readonly number[], first: number): number[] {
  let group = first;
  let held = 0;
  const groups = samples.map((count) => {
    if (held >= samplesPerGroup) {
      group++;
      held = 0;
    }
    held += count;
    return group;
  });
  const last = held < samplesPerGroup ? Math.max(first, group - 1) : group;
  return groups.map((own) => Math.min(own, last));
}
