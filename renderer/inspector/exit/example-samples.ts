import { seededRandom, shuffle } from "../../../shared/base/random.ts";
import type { Routing } from "../../../shared/evaluate/evaluate-plan.ts";

/** What becomes of a sample at an exit. */
export const exitOutcomes = ["exits right", "exits wrong", "continues"] as const;
export type ExitOutcome = (typeof exitOutcomes)[number];

/** All samples in an order that depends on their number alone, so that examples stay while a threshold moves. */
export function exampleOrder(samples: number): Int32Array {
  return shuffle(
    Int32Array.from({ length: samples }, (_, sample) => sample),
    seededRandom(1),
  );
}

/**
 * One page of the samples with one outcome.
 * @returns their indices, at most `size`, and how many have this outcome in all
 */
export function exampleSamples(
  order: Int32Array,
  { exit: taken, correct }: Routing,
  exit: number,
  outcome: ExitOutcome,
  { page, size }: { readonly page: number; readonly size: number },
): { readonly samples: number[]; readonly total: number } {
  const samples: number[] = [];
  let total = 0;
  for (const sample of order) {
    if (taken[sample] < exit || outcomeOf(taken[sample] === exit, correct[sample] === 1) !== outcome)
      continue;
    if (total >= page * size && samples.length < size) samples.push(sample);
    total++;
  }
  return { samples, total };
}

function outcomeOf(leaves: boolean, right: boolean): ExitOutcome {
  if (!leaves) return "continues";
  return right ? "exits right" : "exits wrong";
}
