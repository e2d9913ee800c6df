import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import type { Random } from "../../../../shared/base/random.ts";
import type { EnergySensor } from "../../../../shared/model/profile.ts";
import type { TargetOptions } from "../../../../shared/model/stage-options.ts";
import { type Counting, countEnergies } from "./count-energies.ts";
import type { EnergyMeter } from "./energy-meter.ts";
import { openEnergyMeter } from "./open-meter.ts";

/** Counts energies while there is a meter. One that was found unasked and fails is given up, and says why. */
export interface EnergyCounter {
  /** Whether there is one. */
  isCounting(): boolean;
  sensor(): EnergySensor;
  /**
   * @returns whether the energies were counted
   * @throws AppError 'cancelled'; of a meter that a person named
   */
  count(counting: Omit<Counting, "meter">, random: Random, job: Job): Promise<boolean>;
}

/** How much longer a measurement takes that counts energies, as a share of the time for latencies. */
export const energyShare = 0.5;

/** @throws AppError 'usage' if the sensor that a person named isn't there, or can't be read */
export async function openEnergyCounter({
  energySensor,
}: Pick<TargetOptions, "energySensor">): Promise<EnergyCounter> {
  const found = await openEnergyMeter(energySensor);
  let meter: EnergyMeter | undefined = found.meter;
  let sensor: EnergySensor = meter ? { name: meter.name } : { none: found.none ?? "" };

  async function count(counting: Omit<Counting, "meter">, random: Random, job: Job): Promise<boolean> {
    if (!meter) return false;
    try {
      await countEnergies({ ...counting, meter }, random, job);
      return true;
    } catch (error) {
      const isNamed = energySensor !== undefined && energySensor !== "auto";
      if (isNamed || !(error instanceof AppError) || error.code === "cancelled") throw error;
      meter = undefined;
      sensor = { none: error.message };
      return false;
    }
  }

  return { isCounting: () => meter !== undefined, sensor: () => sensor, count };
}
