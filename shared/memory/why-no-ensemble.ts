import type { ChosenPlan } from "../model/plan.ts";

/** Why a plan's exits can't answer together, as a clause; nothing if they can. */
export function whyNoEnsemble({ exits, cut, ensemble }: ChosenPlan): string | undefined {
  if (ensemble) return "the plan's exits answer together already";
  if (exits.length === 0) return "the plan has no exits that could answer together";
  if (cut !== undefined)
    return "the plan is partitioned between device and server, and what its exits say doesn't cross";
  return undefined;
}
