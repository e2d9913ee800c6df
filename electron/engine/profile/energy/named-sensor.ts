import { exec } from "node:child_process";
import { promisify } from "node:util";
import { AppError } from "../../../../shared/base/errors.ts";
import { type EnergyMeter, meterOf, type Reading } from "./energy-meter.ts";
import { parseReading } from "./parse-reading.ts";
import { readSensorText } from "./read-sensor-text.ts";

/** A file whose first line says what has been taken so far, or is taken just now; see `parseReading`. */
export function fileMeter(path: string): Promise<EnergyMeter> {
  return namedMeter(`file ${path}`, async () => parseReading(await readSensorText(path), path));
}

/** A command of a person that says the same. It is run by the shell, as at a terminal. */
export function commandMeter(command: string): Promise<EnergyMeter> {
  return namedMeter(`command ${command}`, async () =>
    parseReading(await outputOf(command), `the command \`${command}\``),
  );
}

async function namedMeter(name: string, read: () => Promise<Reading>): Promise<EnergyMeter> {
  const first = await read();
  let last = first;
  return meterOf(name, first, async () => {
    const reading = await read();
    const isCounter = "millijoules" in last;
    if (isCounter !== "millijoules" in reading)
      throw new AppError("system", `the ${name} says an energy at one time and a power at another`);
    if ("millijoules" in last && "millijoules" in reading && reading.millijoules < last.millijoules)
      throw new AppError(
        "system",
        `the ${name} fell from ${last.millijoules} to ${reading.millijoules} mJ, expected a counter that only rises`,
      );
    last = reading;
    return reading;
  });
}

/** Longer than any sensor takes to answer. */
const timeoutMs = 5000;

async function outputOf(command: string): Promise<string> {
  try {
    const { stdout } = await promisify(exec)(command, {
      timeout: timeoutMs,
      maxBuffer: 65_536,
      windowsHide: true,
    });
    return stdout;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim().split("\n").at(-1) : String(cause);
    throw new AppError(
      "usage",
      `the command \`${command}\`, which was to say the energy taken, failed (${reason})`,
      {},
      { cause },
    );
  }
}
