import type { Point } from "./operator-graph.ts";
import type { PlacedCut } from "./scene.ts";

/** Other rows are further away than they look: a drag goes along the backbone. */
const acrossRows = 3;

/** The cut point whose marker, or the place of whose exit, is nearest; undefined if there are none. */
export function nearestCut(cuts: readonly PlacedCut[], to: Point): PlacedCut | undefined {
  const distance = ({ x, y }: Point) => Math.abs(x - to.x) + acrossRows * Math.abs(y - to.y);
  let nearest: PlacedCut | undefined;
  let min = Number.POSITIVE_INFINITY;
  for (const cut of cuts) {
    const { centre, exit } = cut;
    const middle = { x: exit.x + exit.width / 2, y: exit.y + exit.height / 2 };
    const away = Math.min(distance(centre), distance(middle));
    if (away >= min) continue;
    nearest = cut;
    min = away;
  }
  return nearest;
}
