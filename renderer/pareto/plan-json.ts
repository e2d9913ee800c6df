import type { Plan, StatedExit } from "../../shared/domain/plan.ts";

/** The plan as `plan.json` holds it. */
export function planJson(backboneSha256: string, exits: readonly StatedExit[]): string {
  const plan: Plan = { format: "offramp-plan", version: 1, backboneSha256, exits: [...exits] };
  return `${JSON.stringify(plan, null, 2)}\n`;
}
