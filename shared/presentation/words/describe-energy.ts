import { formatEnergy } from "../../base/format-number.ts";
import type { Profile } from "../../model/profile.ts";

/** What a run of the backbone takes and who counted it, or why nobody did: the same in window, report and terminal. */
export function describeEnergy({
  energySensor,
  backbone,
}: Pick<Profile, "energySensor" | "backbone">): string {
  const { energyMillijoules: energy, energyIntervalMillijoules: bounds } = backbone;
  if (energy === undefined)
    return energySensor && "none" in energySensor ? `not measured: ${energySensor.none}` : "not measured";
  const known = bounds ? ` ± ${formatEnergy(bounds[1] - energy)}` : "";
  const sensor = energySensor && "name" in energySensor ? ` by ${energySensor.name}` : "";
  return `${formatEnergy(energy)}${known} a run of the backbone${sensor}, what idles included`;
}
