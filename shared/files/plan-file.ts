import type { ChosenPlan, Plan, PlanExit, StatedExit } from "../model/plan.ts";
import { classThresholds } from "../space/shift-odds.ts";

/** By how much each class shifts an exit's confidence [classes]; undefined where its policy knows no classes. */
export type OffsetsOf = (exit: PlanExit) => Float32Array | undefined;

/**
 * A plan as every file of ours has it, `plan.json` and an export's metadata alike: under a policy of thresholds per class
 * with the threshold of every class.
 */
export function planFile(
  backboneSha256: string,
  { exits, chain, cut, cutMember, crossFit, ensemble }: ChosenPlan,
  offsetsOf: OffsetsOf = () => undefined,
): Plan {
  const stated = exits.map((exit) => statedExit(exit, offsetsOf(exit)));
  return {
    format: "offramp-plan",
    version: 1,
    backboneSha256,
    exits: stated,
    chain,
    cut,
    cutMember,
    crossFit,
    ensemble,
  };
}

/** What `plan.json` holds. */
export function planText(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}

function statedExit(
  { member, cutPoint, head, policy, threshold }: PlanExit,
  offsets: Float32Array | undefined,
): StatedExit {
  const exit = { member, cutPoint, head, policy, threshold };
  return offsets ? { ...exit, classThresholds: classThresholds(threshold, offsets) } : exit;
}
