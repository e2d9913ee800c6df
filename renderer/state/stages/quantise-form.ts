import { create } from "zustand";
import {
  type QuantiseOptions,
  quantiseOptionsSchema,
  type RangeMethod,
  rangeMethods,
} from "../../../shared/model/stage-options.ts";

/** How the backbone is quantised, kept while the dialog is closed. */
export const useQuantiseForm = create<QuantiseOptions>()(() => quantiseOptionsSchema.parse({}));

export function changeQuantising(change: Partial<QuantiseOptions>): void {
  useQuantiseForm.setState(change);
}

const rangeLabels: Readonly<Record<RangeMethod, string>> = {
  "min-max": "lowest to highest value",
  percentile: "all but the outermost 0.01 %",
  "least-error": "least squared error",
};

export const rangeChoices = rangeMethods.map((method) => ({ value: method, label: rangeLabels[method] }));
