import type { Random } from "../../../../shared/base/random.ts";
import type { Latency } from "../../../../shared/model/profile.ts";
import { backboneLatency } from "../estimate/estimated-latency.ts";
import { type Estimate, type Fit, fitLatencies, type GroupTimings } from "../estimate/fit-latencies.ts";
import { rules } from "../measurement-rules.ts";

/** What a profile says of an energy. */
export type Energy = Pick<Latency, "energyMillijoules" | "energyIntervalMillijoules">;

/** Energies of a network's parts, by the estimate that makes its latencies. */
export interface EnergyFit extends Fit {
  readonly backbone: Energy;
}

export function fitEnergies(groups: readonly GroupTimings[], random: Random): EnergyFit {
  return {
    ...fitLatencies(groups, random, rules.energyLowShare),
    backbone: energyOfBackbone(groups, random),
  };
}

/** As it ran on the whole, as its latency is stated. */
function energyOfBackbone(groups: readonly GroupTimings[], random: Random): Energy {
  const { meanMs, intervalMs } = backboneLatency(groups, random);
  return { energyMillijoules: meanMs, energyIntervalMillijoules: intervalMs };
}

/** An energy from its ratio to the backbone's. */
export function estimatedEnergy({ ratio, halfWidth }: Estimate, { energyMillijoules }: Energy): Energy {
  if (energyMillijoules === undefined) return {};
  const own = ratio * energyMillijoules;
  const most = halfWidth * energyMillijoules;
  return {
    energyMillijoules: own,
    ...(Number.isFinite(most) && { energyIntervalMillijoules: [Math.max(0, own - most), own + most] }),
  };
}
