import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";
import { type EnergySource, meterOf, type Reading } from "./energy-meter.ts";
import { readSensorNumber, readSensorText } from "./read-sensor-text.ts";

/** A supply that is watched, and how its power is read, mW; undefined while the sensor says nothing. */
interface Rail {
  readonly label: string;
  readonly milliwatts: () => Promise<number | undefined>;
}

/** What feeds the whole board, where that is watched; all others are behind it. */
const wholeBoard = new Set(["VDD_IN", "POM_5V_IN", "VIN"]);

/**
 * The power monitors of Jetson boards. A rail that feeds the whole board is taken alone, else all rails are added up.
 * @see https://docs.nvidia.com/jetson/archives/r36.4/DeveloperGuide/SD/PlatformPowerAndPerformance.html
 */
export const ina3221: EnergySource = {
  id: "ina3221",
  description: "INA3221, the power monitors of Jetson boards, under /sys/bus/i2c",
  async open(root) {
    const rails = await findRails(join(root, "sys/bus/i2c/devices"));
    const whole = rails.filter(({ label }) => wholeBoard.has(label)).slice(0, 1);
    const counted = whole.length > 0 ? whole : rails;
    if (counted.length === 0) return undefined;
    const read = async (): Promise<Reading> => {
      const powers = await Promise.all(counted.map(powerOf));
      return { milliwatts: powers.reduce((sum, own) => sum + own, 0) };
    };
    return meterOf(`INA3221 ${counted.map(({ label }) => label).join(", ")}`, await read(), read);
  },
};

async function powerOf({ label, milliwatts }: Rail): Promise<number> {
  const power = await milliwatts();
  if (power !== undefined) return power;
  throw new AppError("system", `the INA3221 doesn't say the power of ${label} any more`);
}

async function findRails(devices: string): Promise<Rail[]> {
  const rails: Rail[] = [];
  for (const device of (await namesIn(devices)).sort()) {
    for (const folder of await foldersOf(join(devices, device), /^iio:device\d+$/))
      rails.push(...(await railsOfIndustrialIo(folder)));
    for (const monitors of await foldersOf(join(devices, device), /^hwmon$/))
      for (const folder of await foldersOf(monitors, /^hwmon\d+$/))
        if ((await textOf(join(folder, "name"))) === "ina3221") rails.push(...(await railsOfMonitor(folder)));
  }
  return rails;
}

/** Up to JetPack 4: powers in mW. */
async function railsOfIndustrialIo(folder: string): Promise<Rail[]> {
  return labelledRails(folder, [0, 1, 2], {
    label: (channel) => `rail_name_${channel}`,
    milliwatts: (channel) => readSensorNumber(join(folder, `in_power${channel}_input`)),
  });
}

/** From JetPack 5 on: voltages in mV and currents in mA. */
async function railsOfMonitor(folder: string): Promise<Rail[]> {
  return labelledRails(folder, [1, 2, 3], {
    label: (channel) => `in${channel}_label`,
    milliwatts: async (channel) => {
      const [millivolts, milliamperes] = await Promise.all([
        readSensorNumber(join(folder, `in${channel}_input`)),
        readSensorNumber(join(folder, `curr${channel}_input`)),
      ]);
      return millivolts === undefined || milliamperes === undefined
        ? undefined
        : (millivolts * milliamperes) / 1000;
    },
  });
}

async function labelledRails(
  folder: string,
  channels: readonly number[],
  how: {
    readonly label: (channel: number) => string;
    readonly milliwatts: (channel: number) => Promise<number | undefined>;
  },
): Promise<Rail[]> {
  const rails: Rail[] = [];
  for (const channel of channels) {
    const label = await textOf(join(folder, how.label(channel)));
    const milliwatts = () => how.milliwatts(channel);
    // Channels to which nothing is connected have no name, or the name NC.
    if (label && label !== "NC" && (await milliwatts()) !== undefined) rails.push({ label, milliwatts });
  }
  return rails;
}

function textOf(path: string): Promise<string | undefined> {
  return readSensorText(path).catch(() => undefined);
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function foldersOf(folder: string, name: RegExp): Promise<string[]> {
  return (await namesIn(folder))
    .filter((own) => name.test(own))
    .sort()
    .map((own) => join(folder, own));
}
