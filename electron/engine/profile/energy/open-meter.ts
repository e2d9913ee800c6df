import { AppError } from "../../../../shared/base/errors.ts";
import type { EnergyMeter, EnergySource } from "./energy-meter.ts";
import { energySources } from "./index.ts";
import { commandMeter, fileMeter } from "./named-sensor.ts";

/** The folder that stands for the file system's own where sensors are looked for, as that of a board that is mounted elsewhere. */
export function sensorRoot(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.OFFRAMP_SENSOR_ROOT || "/";
}

/** A meter, or why there is none. */
export type FoundMeter =
  | { readonly meter: EnergyMeter; readonly none?: undefined }
  | { readonly meter?: undefined; readonly none: string };

/** How a person names a sensor. */
export const energySensorText = `auto, none, ${energySources.map(({ id }) => id).join(", ")}, file=PATH, or command=COMMAND`;

/**
 * The energy meter that a person names, or the first that the system has.
 * @param choice `energySensorText`
 * @throws AppError 'usage' if what was named isn't there, or can't be read
 */
export async function openEnergyMeter(choice = "auto", root = sensorRoot()): Promise<FoundMeter> {
  if (choice === "none") return { none: "it was not wanted" };
  if (choice === "auto") return firstMeter(root);
  const [, kind, what] = /^(file|command)=(.+)$/s.exec(choice) ?? [];
  if (kind === "file") return { meter: await fileMeter(what) };
  if (kind === "command") return { meter: await commandMeter(what) };
  const source = energySources.find(({ id }) => id === choice);
  if (!source) throw new AppError("usage", `no energy sensor '${choice}'; choose from ${energySensorText}`);
  const meter = await source.open(root);
  if (meter) return { meter };
  throw new AppError("usage", `this system has no ${source.description}; choose from ${energySensorText}`);
}

async function firstMeter(root: string): Promise<FoundMeter> {
  const refusals: string[] = [];
  for (const source of energySources) {
    const found = await opened(source, root);
    if (typeof found === "string") refusals.push(found);
    else if (found) return { meter: found };
  }
  if (refusals.length > 0) return { none: refusals.join("; ") };
  return {
    none: `this system has no ${energySources.map(({ description }) => description).join(", and no ")}`,
  };
}

/** A meter, nothing, or why a sensor that is there can't be read. */
async function opened(source: EnergySource, root: string): Promise<EnergyMeter | string | undefined> {
  try {
    return await source.open(root);
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}
