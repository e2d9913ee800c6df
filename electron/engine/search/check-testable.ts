import { AppError } from "../../../shared/base/errors.ts";
import { hasConfidence } from "../../../shared/guarantee/choose-controlled.ts";
import type { SearchOptions } from "../../../shared/model/stage-options.ts";
import { exitPolicyById } from "../policies/index.ts";
import type { SearchInputs } from "./search-inputs.ts";

/**
 * A guarantee is worth nothing where the samples that it is tested on had a part in what is tested.
 * Its test counts every sample once, and knows one target.
 * @throws AppError 'usage' naming a policy that is fitted to the calibration split, or if samples are weighted or there is
 * a server
 */
export function checkTestable(
  { offload, isWeighted }: Pick<SearchInputs, "offload"> & { readonly isWeighted: boolean },
  { policies, useCase }: SearchOptions,
): void {
  if (!hasConfidence(useCase)) return;
  if (offload)
    throw new AppError(
      "usage",
      "a guarantee is tested for one target only: leave out the server or the confidence",
    );
  if (isWeighted)
    throw new AppError(
      "usage",
      "a guarantee holds for samples as they come, so they can't be weighted; leave out the weights or the confidence",
    );
  const fitted = policies.find((policy) => exitPolicyById(policy).base);
  if (fitted === undefined) return;
  throw new AppError(
    "usage",
    `policy '${fitted}' is fitted to the calibration split, which a guarantee is tested on; leave out the policy or the confidence`,
  );
}
