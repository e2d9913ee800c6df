import { fieldsOf } from "../../../shared/model/schema-fields.ts";
import { splitOptionsSchema } from "../../../shared/model/stage-options.ts";

export const splitFields = fieldsOf(splitOptionsSchema);

export const splitLimits = [
  ["trainLimit", "Most train images"],
  ["calibrationLimit", "Most calibration images"],
  ["testLimit", "Most test images"],
] as const;

/** Where calibration images may come from. */
export const calibrationSources = [
  { value: "held-out", label: "held-out images" },
  { value: "train", label: "training images" },
] as const;

/** Shares are typed in per cent. */
export function percent(share: number | undefined): number | undefined {
  return share === undefined ? undefined : Number((100 * share).toFixed(4));
}
