/** A plan on the front, with whatever it was offered with. */
export interface ArchivedPlan<Plan> {
  readonly right: number;
  readonly latencyMs: number;
  readonly plan: Plan;
}

/**
 * The front of all plans offered so far. Accuracies are multiples of 1 / samples, so the archive keeps the
 * lowest latency per number of right samples, and asking it costs one look-up.
 */
export interface FrontArchive<Plan> {
  /** Whether some plan is at least as accurate and at least as fast; equal counts as dominated. */
  dominates(right: number, latencyMs: number): boolean;
  /** Takes the plan in unless it is dominated; of equal plans the first stays. */
  offer(right: number, latencyMs: number, plan: Plan): void;
  /** The plan on the front with just so many right, if there is one. */
  planAt(right: number): Plan | undefined;
  /** The front by rising latency, hence rising accuracy. */
  front(): ArchivedPlan<Plan>[];
}

/**
 * @param samples the most that a plan can get right
 * @param fastest where to keep the lowest latency of any plan with at least so many right [samples + 1]; rises
 * with the index
 */
export function createFrontArchive<Plan>(
  samples: number,
  fastest: Float64Array = new Float64Array(samples + 1),
): FrontArchive<Plan> {
  fastest.fill(Number.POSITIVE_INFINITY);
  const plans = new Map<number, Plan>();

  function offer(right: number, latencyMs: number, plan: Plan): void {
    if (fastest[right] <= latencyMs) return;
    plans.set(right, plan);
    for (let fewer = right; fewer >= 0 && fastest[fewer] > latencyMs; fewer--) fastest[fewer] = latencyMs;
  }

  /** Whether a plan with more right is as fast. */
  function isBeaten(right: number): boolean {
    return right < samples && fastest[right + 1] <= fastest[right];
  }

  function front(): ArchivedPlan<Plan>[] {
    const points: ArchivedPlan<Plan>[] = [];
    for (const [right, plan] of plans) {
      if (!isBeaten(right)) points.push({ right, latencyMs: fastest[right], plan });
    }
    return points.sort((a, b) => a.right - b.right);
  }

  return {
    dominates: (right, latencyMs) => fastest[right] <= latencyMs,
    offer,
    planAt: (right) => (isBeaten(right) ? undefined : plans.get(right)),
    front,
  };
}
