import type { Routing } from "../../../shared/evaluate/evaluate-plan.ts";

/** Of one class's samples, those that leave at an exit. */
export interface ClassShare {
  readonly index: number;
  readonly samples: number;
  readonly leaves: number;
  readonly right: number;
}

/**
 * @param classes class of each sample [samples]: its label, or what some output took it for
 * @param exit which of the plan's exits
 * @param count number of classes; samples of any other class are left out
 */
export function classShares(
  classes: Int32Array,
  { exit: taken, correct }: Routing,
  exit: number,
  count: number,
): ClassShare[] {
  const samples = new Int32Array(count);
  const leaves = new Int32Array(count);
  const right = new Int32Array(count);
  for (let sample = 0; sample < classes.length; sample++) {
    const index = classes[sample];
    if (index < 0 || index >= count) continue;
    samples[index]++;
    if (taken[sample] !== exit) continue;
    leaves[index]++;
    right[index] += correct[sample];
  }
  return Array.from({ length: count }, (_, index) => ({
    index,
    samples: samples[index],
    leaves: leaves[index],
    right: right[index],
  }));
}

export const classOrders = ["most leave", "least accurate", "class order"] as const;
export type ClassOrder = (typeof classOrders)[number];

/** Classes without the figure that is sorted by come last; equals stay in class order. */
export function sortClassShares(shares: readonly ClassShare[], order: ClassOrder): ClassShare[] {
  const key = {
    "most leave": ({ samples, leaves }: ClassShare) => (samples === 0 ? 1 : -leaves / samples),
    "least accurate": ({ leaves, right }: ClassShare) => (leaves === 0 ? 2 : right / leaves),
    "class order": ({ index }: ClassShare) => index,
  }[order];
  return [...shares].sort((a, b) => key(a) - key(b));
}
