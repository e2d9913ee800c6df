import { AppError } from "../../../../shared/base/errors.ts";
import type { Reading } from "./energy-meter.ts";

/** Of energies in mJ, of powers in mW. */
const units: Readonly<Record<string, (value: number) => Reading>> = {
  uJ: (value) => ({ millijoules: value / 1000 }),
  mJ: (value) => ({ millijoules: value }),
  J: (value) => ({ millijoules: 1000 * value }),
  uW: (value) => ({ milliwatts: value / 1000 }),
  mW: (value) => ({ milliwatts: value }),
  W: (value) => ({ milliwatts: 1000 * value }),
};

/** As the kernel's own counters say it. */
const defaultUnit = "uJ";

/**
 * Reads what a file or a command says: a number and its unit, which says whether it is an energy counted so far or a power.
 * @param where for messages
 * @throws AppError 'usage' if it is none
 */
export function parseReading(text: string, where: string): Reading {
  const match = /^\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*([A-Za-z\u00b5\u03bc]*)\s*$/.exec(text);
  const unit = match?.[2].replace(/[\u00b5\u03bc]/, "u") || defaultUnit;
  const value = Number(match?.[1]);
  const convert = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (convert && Number.isFinite(value)) return convert(value);
  throw new AppError(
    "usage",
    `${where} says "${text.trim().slice(0, 40)}", expected a number that is an energy counted so far or a power, with its unit: ` +
      `${Object.keys(units).join(", ")} (${defaultUnit} if there is none)`,
  );
}
