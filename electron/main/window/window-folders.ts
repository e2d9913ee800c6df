import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { holdsUnsavedWork } from "../journal/journal.ts";

/** Each has an engine of its own, which takes memory. */
export const maxWindows = 8;

/** Where a window keeps its journal and its engine's temporary files; the first has no folder of its own. */
export function windowFolder(userData: string, number: number): string {
  return number === 1 ? userData : join(userData, "windows", String(number));
}

/**
 * At start, before there is any window: numbers of those that an earlier run left unsaved work of, in ascending order. What the
 * others left goes.
 */
export function numbersOfUnsaved(userData: string): number[] {
  const unsaved: number[] = [];
  for (const number of [1, ...keptNumbers(userData)]) {
    const folder = windowFolder(userData, number);
    if (holdsUnsavedWork(folder)) unsaved.push(number);
    else if (number !== 1) removeFolder(folder);
  }
  return unsaved;
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // At the next start, then.
  }
}

/**
 * The number of a new window, the lowest one if it can: one whose unsaved work waits to be offered again, or if the window is for
 * a file, one without.
 * @param taken numbers of the windows that are open
 * @returns undefined if there are as many as there may be
 */
export function nextNumber(
  userData: string,
  taken: readonly number[],
  isForFile: boolean,
): number | undefined {
  const free = Array.from({ length: maxWindows }, (_, index) => index + 1).filter(
    (number) => !taken.includes(number),
  );
  const isWanted = (number: number) => holdsUnsavedWork(windowFolder(userData, number)) !== isForFile;
  return free.find(isWanted) ?? free[0];
}

function keptNumbers(userData: string): number[] {
  try {
    return readdirSync(join(userData, "windows"))
      .map(Number)
      .filter((number) => Number.isInteger(number) && number > 1 && number <= maxWindows)
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}
