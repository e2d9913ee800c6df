/** What plans are compared by. */
export interface PlanPoint {
  /** Share of right answers, 0-1; more is better. */
  readonly accuracy: number;
  /** Less is better. */
  readonly latencyMs: number;
}

/**
 * The points that no other point beats: none is at least as good in both respects and better in one.
 * @returns by rising latency, hence rising accuracy; of equal points the first
 */
export function paretoFront<Point extends PlanPoint>(points: readonly Point[]): Point[] {
  const order = [...points].sort((a, b) => a.latencyMs - b.latencyMs || b.accuracy - a.accuracy);
  const front: Point[] = [];
  for (const point of order) {
    if (front.length === 0 || point.accuracy > front[front.length - 1].accuracy) front.push(point);
  }
  return front;
}
