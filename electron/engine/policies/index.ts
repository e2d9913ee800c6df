import { byId } from "../../../shared/base/by-id.ts";
import { ensemblePolicy } from "../../../shared/model/plan.ts";
import { entropy } from "./entropy.ts";
import type { ExitPolicy } from "./exit-policy.ts";
import { margin } from "./margin.ts";
import { perClass } from "./per-class.ts";
import { top1 } from "./top1.ts";

/** Every exit policy; the first is the default. */
export const exitPolicies: readonly ExitPolicy[] = [
  top1,
  entropy,
  margin,
  perClass(top1),
  perClass(entropy),
  perClass(margin),
];

/** The policies whose confidence comes from an output's logits alone, without anything fitted per class. */
export const plainPolicies: readonly ExitPolicy[] = exitPolicies.filter(({ base }) => !base);

/**
 * What decides at an exit of a plan: an ensemble goes by its largest probability.
 * @throws AppError 'usage' if there is no such policy
 */
export function decidingPolicy(id: string): ExitPolicy {
  return id === ensemblePolicy ? top1 : exitPolicyById(id);
}

/** @throws AppError 'usage' if there is no such policy */
export function exitPolicyById(id: string): ExitPolicy {
  return byId(exitPolicies, id, "exit policy");
}
