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
  /** Takes the plan in unless it is dominated; of equal plans the preferred one stays, without a preference the first. */
  offer(right: number, latencyMs: number, plan: Plan): void;
  /** The plan on the front with just so many right, if there is one. */
  planAt(right: number): Plan | undefined;
  /** The front by rising latency, hence rising accuracy. */
  front(): ArchivedPlan<Plan>[];
}

/**
 * @param samples the most that a plan can get right
 * @param fastest where to keep the latency that a plan has to stay below [samples + 1]: the lowest of any plan with
 * at least so many right, and just above it where an equal plan may be preferred; rises with the index
 * @param prefers which of two plans of equal figures to hold; it makes the front independent of the order of offers
 */
export function createFrontArchive<Plan>(
  samples: number,
  fastest: Float64Array = new Float64Array(samples + 1),
  prefers?: (plan: Plan, held: Plan) => boolean,
): FrontArchive<Plan> {
  fastest.fill(Number.POSITIVE_INFINITY);
  const held = new Map<number, ArchivedPlan<Plan>>();
  const limit = prefers ? nextAbove : (latencyMs: number) => latencyMs;

  function offer(right: number, latencyMs: number, plan: Plan): void {
    if (fastest[right] <= latencyMs) return;
    const equal = held.get(right);
    if (equal?.latencyMs === latencyMs && !prefers?.(plan, equal.plan)) return;
    held.set(right, { right, latencyMs, plan });
    for (let fewer = right - 1; fewer >= 0 && fastest[fewer] > latencyMs; fewer--) fastest[fewer] = latencyMs;
    fastest[right] = limit(latencyMs);
  }

  function isOnFront(right: number): boolean {
    const plan = held.get(right);
    if (!plan || fastest[right] !== limit(plan.latencyMs)) return false;
    return right === samples || fastest[right + 1] > plan.latencyMs;
  }

  function front(): ArchivedPlan<Plan>[] {
    const points = [...held.values()].filter(({ right }) => isOnFront(right));
    return points.sort((a, b) => a.right - b.right);
  }

  return {
    dominates: (right, latencyMs) => fastest[right] <= latencyMs,
    offer,
    planAt: (right) => (isOnFront(right) ? held.get(right)?.plan : undefined),
    front,
  };
}

const float = new Float64Array(1);
const bits = new BigUint64Array(float.buffer);

/** The next number above one that is at least 0 and finite. */
export function nextAbove(value: number): number {
  float[0] = value;
  bits[0] += 1n;
  return float[0];
}
