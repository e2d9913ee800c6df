import type { Job } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import type { Counted } from "../profile/energy/count-energies.ts";
import type { EnergyCounter } from "../profile/energy/energy-counter.ts";
import { lowMean, sortTimes } from "../profile/estimate/low-mean.ts";
import { halfWidthOf, resampleRounds } from "../profile/estimate/resample-rounds.ts";
import type { Timing } from "../profile/estimate/timing.ts";
import { rules } from "../profile/measurement-rules.ts";
import type { SampleImages } from "./sample-images.ts";

/** Samples that are kept of each exit, to be run again while energy is counted. */
const keptPerExit = 16;

/** Samples by the exit where they left, a few of each. */
export class KeptSamples {
  readonly byExit = new Map<number, SampleImages[]>();

  add(exit: number, images: SampleImages): void {
    const own = this.byExit.get(exit) ?? [];
    if (own.length < keptPerExit) own.push(images);
    this.byExit.set(exit, own);
  }
}

/** Mean energy of a sample, and its 95 % interval where there were rounds enough. */
export interface CountedEnergy {
  readonly energyMillijoules: number;
  readonly energyIntervalMillijoules?: [number, number];
}

/** What is run. */
export interface PlanRuns {
  readonly runBackbone: (images: SampleImages) => Promise<unknown>;
  readonly runPlan: (images: SampleImages) => Promise<unknown>;
  readonly kept: KeptSamples;
}

/** Energies of runs, of the plan by the exit where samples left. */
export interface PlanEnergies {
  readonly backbone: readonly Timing[];
  readonly exits: readonly { readonly exit: number; readonly energies: readonly Timing[] }[];
}

/**
 * Counts what a sample takes on backbone and plan, when all times have been taken: of a plan exit by exit, samples that leave there in
 * whole batches, for a sensor is too slow to tell single runs.
 * @returns undefined if it wasn't counted
 * @throws AppError 'cancelled'; of a sensor that a person named
 */
export async function countPlanEnergies(
  { runBackbone, runPlan, kept }: PlanRuns,
  counter: EnergyCounter,
  seconds: number,
  job: Job,
): Promise<PlanEnergies | undefined> {
  const all = [...kept.byExit.values()].flat();
  const exits = [...kept.byExit].map(([exit, images]) => ({
    ...inTurns(images, runPlan),
    exit,
  }));
  const backbone = inTurns(all, runBackbone);
  const counting = { subjects: [backbone, ...exits], seconds };
  if (!(await counter.count(counting, seededRandom(1), job))) return undefined;
  return {
    backbone: backbone.energies,
    exits: exits.map(({ exit, energies }) => ({ exit, energies })),
  };
}

/**
 * What a sample takes on backbone and plan: the exits' energies weigh what their shares of all samples do.
 * @param exitRates share of samples that leaves at each exit, the end last
 */
export function planEnergy(
  { backbone, exits }: PlanEnergies,
  exitRates: readonly number[],
): { readonly backbone: CountedEnergy; readonly plan: CountedEnergy } {
  return {
    backbone: weightedEnergy([{ energies: backbone, rate: 1 }]),
    plan: weightedEnergy(exits.map(({ exit, energies }) => ({ energies, rate: exitRates[exit] }))),
  };
}

/** Runs samples one after the other, again and again. */
function inTurns(
  samples: readonly SampleImages[],
  run: (images: SampleImages) => Promise<unknown>,
): Counted & { readonly energies: Timing[] } {
  let next = 0;
  return { run: () => run(samples[next++ % samples.length]), energies: [] };
}

/** By the same lower share of energies as a profile goes by, with an interval by resampled rounds. */
export function weightedEnergy(
  parts: readonly { readonly energies: readonly Timing[]; readonly rate: number }[],
): CountedEnergy {
  const sorted = parts.map(({ energies, rate }) => ({ times: sortTimes(energies), rate }));
  const meanOf = (counts?: ArrayLike<number>) =>
    sorted.reduce(
      (sum, { times, rate }) => sum + rate * (lowMean(times, counts, rules.energyLowShare) ?? 0),
      0,
    );
  const rounds = 1 + Math.max(...parts.map(({ energies }) => energies.at(-1)?.round ?? -1));
  const random = seededRandom(1);
  const drawn = Array.from({ length: rules.resamples }, () => meanOf(resampleRounds(rounds, random)));
  const energyMillijoules = meanOf();
  const halfWidth = halfWidthOf(drawn, rounds);
  if (!Number.isFinite(halfWidth)) return { energyMillijoules };
  const interval: [number, number] = [
    Math.max(0, energyMillijoules - halfWidth),
    energyMillijoules + halfWidth,
  ];
  return { energyMillijoules, energyIntervalMillijoules: interval };
}
