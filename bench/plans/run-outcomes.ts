import { networkNames } from "../../electron/engine/index.ts";
import { type ChosenPlan, isBackbone, isSamePlan } from "../../shared/model/plan.ts";
import type { BenchedProject } from "./benched-project.ts";
import type { Choice, Comparison } from "./compare-kinds.ts";
import { type VerifiedFigures, verifyChoice } from "./verified-choice.ts";

/** A plan as it was chosen, and what its file did, if it was run. */
export interface Outcome extends Choice {
  readonly kind: string;
  readonly goesThrough?: string;
  readonly verified?: VerifiedFigures;
}

/** Whose plans the best alone are, beside the kinds. */
export const bestOfAll = "best of all";

export function outcomesOf({ kinds, best }: Comparison): Outcome[] {
  const ofKinds = Object.entries(kinds).flatMap(([kind, { choices }]) =>
    choices.map((choice) => ({ kind, ...choice })),
  );
  const ofBest = best.map(({ wishPp, chosen }) => ({ kind: bestOfAll, wishPp, chosen }));
  return [...ofKinds, ...ofBest];
}

interface Running {
  readonly isRun: (outcome: Outcome) => boolean;
  /** The longest that each plan's file is run. */
  readonly seconds: number;
}

/** Exports and runs each plan once, though several wishes may call for it; the backbone alone is what all are compared with. */
export async function runOutcomes(
  benched: BenchedProject,
  outcomes: readonly Outcome[],
  { isRun, seconds }: Running,
  say: (text: string) => void,
): Promise<Outcome[]> {
  const run: { readonly plan: ChosenPlan; readonly figures: VerifiedFigures }[] = [];
  const results: Outcome[] = [];
  for (const outcome of outcomes) {
    const { kind, chosen, wishPp } = outcome;
    const goesThrough = chosen && namesOf(benched, chosen.plan);
    if (!chosen || !isRun(outcome) || isBackbone(chosen.plan)) {
      results.push({ ...outcome, goesThrough });
      continue;
    }
    let known = run.find(({ plan }) => isSamePlan(plan, chosen.plan));
    if (!known) {
      say(`verify: ${kind} at ${wishPp} pp`);
      known = { plan: chosen.plan, figures: await verifyChoice(benched, chosen.plan, seconds) };
      run.push(known);
    }
    results.push({ ...outcome, goesThrough, verified: known.figures });
  }
  return results;
}

function namesOf({ project }: BenchedProject, { chain }: ChosenPlan): string {
  const networks = networkNames(project);
  const names = chain?.map((sha256) => networks.find((network) => network.sha256 === sha256)?.name);
  return names ? names.join(", then ") : networks[0].name;
}
