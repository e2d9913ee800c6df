import { plainName } from "../../base/plain-name.ts";
import type { Robustness, ShiftCondition } from "../../files/robustness.ts";
import { rankCorrelation } from "../../fleet/rank-correlation.ts";
import { paretoFront } from "../../pareto/pareto-front.ts";

/** The images as they are, which every corruption is compared with. */
export function cleanCondition({ conditions }: Pick<Robustness, "conditions">): ShiftCondition {
  return conditions[0];
}

export function corruptedConditions({ conditions }: Pick<Robustness, "conditions">): ShiftCondition[] {
  return conditions.filter(({ corruption }) => corruption !== null);
}

/** One corruption's conditions by rising severity, the images as they are first. */
export function conditionsOf(robustness: Pick<Robustness, "conditions">, id: string): ShiftCondition[] {
  const own = robustness.conditions.filter(({ corruption }) => corruption === id);
  return [cleanCondition(robustness), ...own].sort((a, b) => a.severity - b.severity);
}

/** What a condition is called, its severity apart. */
export function conditionTitle({ corruptions }: Pick<Robustness, "corruptions">, id: string | null): string {
  if (id === null) return "As they are";
  return plainName(corruptions.find((corruption) => corruption.id === id)?.title ?? id);
}

/** Share of samples that leave before the end of the plan. */
export function leavingEarly({ plan: { exitRates } }: Pick<ShiftCondition, "plan">): number {
  return 1 - (exitRates.at(-1) ?? 0);
}

/** Over all corruptions and severities, each counting the same. */
export function meanFigures(robustness: Pick<Robustness, "conditions">) {
  const corrupted = corruptedConditions(robustness);
  const mean = (of: (condition: ShiftCondition) => number) =>
    corrupted.reduce((sum, condition) => sum + of(condition), 0) / corrupted.length;
  return {
    backboneAccuracy: mean(({ backbone }) => backbone.accuracy),
    accuracy: mean(({ plan }) => plan.accuracy),
    accuracyDropPp: mean(({ plan }) => plan.accuracyDropPp),
    latencyMs: mean(({ plan }) => plan.latencyMs.mean),
    leavingEarly: mean(leavingEarly),
  };
}

/** How many of the front's plans no other of them beats. */
export function stillOnFront({ front }: Pick<ShiftCondition, "front">): number {
  return paretoFront(front).length;
}

/** How far a condition orders the front's plans by accuracy as the images as they are do; undefined where nothing can be ordered. */
export function orderKept(
  robustness: Pick<Robustness, "conditions">,
  { front }: Pick<ShiftCondition, "front">,
): number | undefined {
  const accuracies = (plans: ShiftCondition["front"]) => plans.map(({ accuracy }) => accuracy);
  return rankCorrelation(accuracies(cleanCondition(robustness).front), accuracies(front)).tauB;
}
