import type { Job } from "../../../../shared/base/job.ts";
import { seededRandom } from "../../../../shared/base/random.ts";
import type { TargetOptions } from "../../../../shared/model/stage-options.ts";
import { estimateRatio } from "../estimate/estimate-ratio.ts";
import type { Estimate } from "../estimate/fit-latencies.ts";
import { rules } from "../measurement-rules.ts";
import type { Counted } from "./count-energies.ts";
import { openEnergyCounter } from "./energy-counter.ts";

/**
 * What something takes of another's energy, counted in turns.
 * @param others that take turns with both, and have their energies then
 * @returns undefined where there is no sensor
 * @throws AppError 'cancelled'; 'usage' of a sensor that a person named
 */
export async function energyRatio(
  own: Counted,
  reference: Counted,
  others: readonly Counted[],
  target: TargetOptions,
  seconds: number,
  job: Job,
): Promise<Estimate | undefined> {
  const counter = await openEnergyCounter(target);
  const counting = { subjects: [own, reference, ...others], seconds };
  const isCounted = await counter.count(counting, seededRandom(1), job);
  return isCounted ? ratioOfEnergies(own, reference) : undefined;
}

/** Of what was counted in the same rounds. */
export function ratioOfEnergies(
  { energies: own = [] }: Counted,
  { energies: theirs = [] }: Counted,
): Estimate {
  const rounds = 1 + (theirs.at(-1)?.round ?? -1);
  return estimateRatio(own, theirs, rounds, seededRandom(1), rules.energyLowShare);
}
