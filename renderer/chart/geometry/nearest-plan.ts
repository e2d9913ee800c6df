import type { ChartFrame } from "../../../shared/presentation/chart/chart-frame.ts";
import type { PlacedPlan } from "../../../shared/presentation/chart/series-layers.ts";
import type { Pixel } from "../../../shared/presentation/drawing/drawing.ts";

/** The plan nearest to a pixel within a radius; of equally near ones the first, which is ours. */
export function nearestPlan(
  plans: readonly PlacedPlan[],
  frame: ChartFrame,
  { left, top }: Pixel,
  radius: number,
): PlacedPlan | null {
  let nearest: PlacedPlan | null = null;
  let least = radius * radius;
  for (const plan of plans) {
    const dx = frame.x(plan.x) - left;
    const dy = frame.y(plan.y) - top;
    const distance = dx * dx + dy * dy;
    if (distance > least || (nearest && distance === least)) continue;
    nearest = plan;
    least = distance;
  }
  return nearest;
}
