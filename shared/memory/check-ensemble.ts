import { AppError } from "../base/errors.ts";
import { ensemblePolicy, type Plan } from "../model/plan.ts";

/**
 * Makes sure that a plan's ensemble fits its exits, if it has one, that it stays on one target, and that no exit goes by one that isn't
 * there.
 * @throws AppError 'file-invalid'
 */
export function checkEnsemble({ exits, ensemble, cut }: Plan, classes: number): void {
  if (ensemble && cut !== undefined)
    throw new AppError(
      "file-invalid",
      `the plan is partitioned at '${cut}' and its exits answer as ensembles, of which nothing crosses to a server; ` +
        "export the plan that it was made of",
      { missing: "plan" },
    );
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
