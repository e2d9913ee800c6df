import { AppError } from "../base/errors.ts";
import { ensemblePolicy, type Plan } from "../model/plan.ts";

/**
 * Makes sure that a plan's ensemble fits its exits, if it has one, and that no exit goes by one that isn't there.
 * @throws AppError 'file-invalid'
 */
export function checkEnsemble({ exits, ensemble }: Plan, classes: number): void {
  const isAsked = ({ policy }: Plan["exits"][number]) => policy === ensemblePolicy;
  const fits = ensemble
    ? exits.every(isAsked) &&
      ensemble.length === exits.length + 1 &&
      ensemble.every(({ weights, biases }, row) => weights.length === row + 1 && biases.length === classes)
    : !exits.some(isAsked);
  if (fits) return;
  throw new AppError(
    "file-invalid",
    `the plan's exits go by '${ensemblePolicy}', and its ensemble isn't one list of weights for each of ${exits.length} exits and ` +
      `the end, with ${classes} biases each; export it again`,
    { missing: "plan" },
  );
}
