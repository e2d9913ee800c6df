import type { PlacedCut } from "./layout.ts";
import type { Point } from "./operator-graph.ts";

/** The cut point whose marker, or the place of whose exit, is nearest; undefined if there are none. */
export function nearestCut(cuts: readonly PlacedCut[], to: Point): PlacedCut | undefined {
  let nearest: PlacedCut | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const cut of cuts) {
    const { centre, exit } = cut;
    const distance = Math.min(
      Math.hypot(centre.x - to.x, centre.y - to.y),
      Math.hypot(exit.x + exit.width / 2 - to.x, exit.y + exit.height / 2 - to.y),
    );
    if (distance >= least) continue;
    nearest = cut;
    least = distance;
  }
  return nearest;
}
