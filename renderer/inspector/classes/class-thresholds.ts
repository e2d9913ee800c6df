import { classOffsetsAt } from "../../../shared/space/class-offsets.ts";
import { classThresholds } from "../../../shared/space/shift-odds.ts";
import type { ExitRow } from "../pieces/exit-row.ts";

/** The plain confidence from which samples leave, by the class that the exit predicts. */
export interface ClassThreshold {
  readonly index: number;
  readonly threshold: number;
}

export const thresholdOrders = ["strictest first", "most lenient first", "class order"] as const;
export type ThresholdOrder = (typeof thresholdOrders)[number];

/** @returns per class; undefined under a policy with the same threshold for all */
export function thresholdsByClass({ table, row }: ExitRow, threshold: number): ClassThreshold[] | undefined {
  const offsets = classOffsetsAt(table, row);
  return offsets && classThresholds(threshold, offsets).map((own, index) => ({ index, threshold: own }));
}

/** Equals stay in class order. */
export function sortThresholds(
  thresholds: readonly ClassThreshold[],
  order: ThresholdOrder,
): ClassThreshold[] {
  const key = {
    "strictest first": ({ threshold }: ClassThreshold) => -threshold,
    "most lenient first": ({ threshold }: ClassThreshold) => threshold,
    "class order": ({ index }: ClassThreshold) => index,
  }[order];
  return [...thresholds].sort((a, b) => key(a) - key(b));
}
