import type { Plan, StatedExit } from "../../shared/model/plan.ts";

/**
 * The plan as `plan.json` holds it.
 * @param cut tensor behind which a server takes over, if one does
 */
export function planJson(backboneSha256: string, exits: readonly StatedExit[], cut?: string): string {
  const plan: Plan = { format: "offramp-plan", version: 1, backboneSha256, exits: [...exits], cut };
  return `${JSON.stringify(plan, null, 2)}\n`;
}
