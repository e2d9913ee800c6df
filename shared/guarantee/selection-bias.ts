import { z } from "zod";

/**
 * How far choosing flatters: on the samples that it was chosen on, a plan's drop is too small by so many standard
 * deviations, by the drop that it has there. Rising drops, falling deviations; in between a line, beyond the ends a constant.
 */
export const selectionBiasSchema = z
  .array(z.object({ dropPp: z.number().min(-100).max(100), deviations: z.number().min(0).max(100) }))
  .min(1)
  .max(100)
  .refine((steps) => steps.every(({ dropPp }, step) => step === 0 || dropPp > steps[step - 1].dropPp), {
    message: "drops have to rise",
  })
  .readonly();

export type SelectionBias = z.infer<typeof selectionBiasSchema>;

export function biasAt(bias: SelectionBias, dropPp: number): number {
  const after = bias.findIndex((step) => step.dropPp > dropPp);
  if (after === 0) return bias[0].deviations;
  if (after < 0) return bias[bias.length - 1].deviations;
  const [from, to] = [bias[after - 1], bias[after]];
  const share = (dropPp - from.dropPp) / (to.dropPp - from.dropPp);
  return from.deviations + share * (to.deviations - from.deviations);
}

/** A plan's drop on the samples that it was chosen on, and by how many standard deviations it is larger on others. */
export interface FlatteredPlan {
  readonly dropPp: number;
  readonly deviations: number;
}

/** Steps of the curve, and the fewest plans that one is the mean of. */
const MAX_STEPS = 16;
const MIN_PLANS = 8;

/** Most plans of a front lose more, and nobody wants them: they would leave few steps to those that count. */
const MAX_DROP_PP = 5;

/**
 * A falling curve through what was seen of plans: means of as many plans each, neighbours that rise pooled.
 * @param plans at least one
 */
export function fitSelectionBias(plans: readonly FlatteredPlan[]): SelectionBias {
  const useful = plans.filter(({ dropPp }) => dropPp <= MAX_DROP_PP);
  const rising = (useful.length >= MIN_PLANS ? useful : [...plans]).sort(
    (one, other) => one.dropPp - other.dropPp,
  );
  const steps = Math.min(MAX_STEPS, Math.max(1, Math.floor(rising.length / MIN_PLANS)));
  const fitted: (FlatteredPlan & { readonly plans: number })[] = [];
  for (let step = 0; step < steps; step++) {
    const at = (index: number) => Math.round((index * rising.length) / steps);
    let next = meanOf(rising.slice(at(step), at(step + 1)).map((plan) => ({ ...plan, plans: 1 })));
    while (fitted.length > 0 && fitted[fitted.length - 1].deviations <= next.deviations)
      next = meanOf([fitted.pop()!, next]);
    fitted.push(next);
  }
  return fitted.map(({ dropPp, deviations }) => ({ dropPp, deviations: Math.max(0, deviations) }));
}

function meanOf(groups: readonly (FlatteredPlan & { readonly plans: number })[]) {
  const plans = groups.reduce((sum, group) => sum + group.plans, 0);
  const mean = (figure: "dropPp" | "deviations") =>
    groups.reduce((sum, group) => sum + group.plans * group[figure], 0) / plans;
  return { plans, dropPp: mean("dropPp"), deviations: mean("deviations") };
}
