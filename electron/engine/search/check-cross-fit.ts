import { AppError } from "../../../shared/base/errors.ts";
import type { SearchOptions } from "../../../shared/model/stage-options.ts";
import { exitPolicyById } from "../policies/index.ts";

/**
 * Halves can take turns only where either may report a plan of the other.
 * @param splits how the data was divided
 * @throws AppError 'usage' naming what doesn't go with it
 */
export function checkCrossFit(
  { crossFit, policies, useCase }: SearchOptions,
  splits: { readonly calibrationFrom?: unknown } = {},
): void {
  if (!crossFit) return;
  if (splits.calibrationFrom === "train")
    throw refused(
      "calibration images are of those that the backbone was trained on (--calibration-from train), and report nothing; train with held-out ones, or leave out --cross-fit",
    );
  if (useCase.confidence !== undefined)
    throw refused(
      "a guarantee tests its plan on samples of its own, and plans of half of them would say nothing of it; leave out --cross-fit or --confidence",
    );
  const fitted = policies.find((policy) => exitPolicyById(policy).base);
  if (fitted !== undefined)
    throw refused(
      `policy '${fitted}' is fitted to the calibration split, so that half can't report its plans; leave out the policy or --cross-fit`,
    );
}

function refused(why: string): AppError {
  return new AppError("usage", `cross-fitting: ${why}`);
}
