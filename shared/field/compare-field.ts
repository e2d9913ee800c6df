import {
  type CountComparison,
  chiSquare,
  compareCounts,
  holmAdjusted,
  largestGap,
  widestGap,
} from "../base/compare-counts.ts";
import { shareDifferenceInterval } from "../base/intervals.ts";
import type { Job } from "../base/job.ts";
import { seededRandom } from "../base/random.ts";
import { confidenceBins } from "../files/field-counts.ts";
import type { FieldComparison, RateChange } from "./field-report.ts";
import type { ObservedExits } from "./observed-exits.ts";

/** How often anything is found where field and calibration are alike, all tests together. */
const level = 0.05;

/**
 * Compares exit rates and the confidences at each exit of two samples, both of them subject to chance: by exact tests, so
 * that with all of them together one in twenty fields that are like calibration is said not to be.
 * @param field of a plan with at least one exit
 * @throws AppError 'cancelled'
 */
export async function compareField(
  field: ObservedExits,
  calibration: ObservedExits,
  job: Job,
): Promise<FieldComparison> {
  // The answer is to be the same each time.
  const random = seededRandom(1);
  const rates = compareCounts(field.left, calibration.left, chiSquare, random);
  const exits: CountComparison[] = [];
  for (const [exit, counts] of field.confidence.entries()) {
    await job.pause();
    exits.push(compareCounts(counts, calibration.confidence[exit], largestGap, random));
  }
  const [ofRates, ...ofExits] = holmAdjusted([rates, ...exits].map(({ pValue }) => pValue));
  return {
    rates: {
      pValue: ofRates,
      isShifted: ofRates <= level,
      exits: field.left.map((_, exit) => rateChange(field, calibration, exit)),
    },
    sureness: exits.map(({ usual }, exit) => ({
      ...surenessChange(field.confidence[exit], calibration.confidence[exit]),
      pValue: ofExits[exit],
      isShifted: ofExits[exit] <= level,
      halfWidthPp: 100 * usual,
    })),
  };
}

/** Whether anything differs by more than chance. */
export function isShifted({ rates, sureness }: FieldComparison): boolean {
  return rates.isShifted || sureness.some((exit) => exit.isShifted);
}

function rateChange(field: ObservedExits, calibration: ObservedExits, exit: number): RateChange {
  const [here, there] = [field, calibration].map(({ left, inputs }): [number, number] => [
    left[exit],
    inputs,
  ]);
  const [low, high] = shareDifferenceInterval(here, there);
  const [share, expected] = [here[0] / here[1], there[0] / there[1]];
  return {
    field: share,
    calibration: expected,
    differencePp: 100 * (share - expected),
    intervalPp: [100 * low, 100 * high],
  };
}

function surenessChange(field: readonly number[], calibration: readonly number[]) {
  const [reaching, expected] = [field, calibration].map((counts) =>
    counts.reduce((sum, count) => sum + count, 0),
  );
  const isEmpty = reaching === 0 || expected === 0;
  const { border, gap } = isEmpty ? { border: 0, gap: 0 } : widestGap(field, calibration);
  return {
    field: reaching,
    calibration: expected,
    bins: { field: [...field], calibration: [...calibration] },
    from: border / confidenceBins,
    differencePp: 100 * gap,
  };
}
