import type { CutPoint } from "../../../../shared/model/backbone.ts";

/**
 * Some of the cut points, spread as evenly as they can be by the MACs before them.
 * @param count how many are wanted
 * @returns them in the backbone's order; all if as many are wanted
 */
export function spreadCuts<Cut extends Pick<CutPoint, "macsShare">>(
  cuts: readonly Cut[],
  count: number,
): Cut[] {
  if (count >= cuts.length) return [...cuts];
  const taken = new Set<Cut>();
  for (let place = 1; place <= count; place++) {
    const off = ({ macsShare }: Cut) => Math.abs(macsShare - place / (count + 1));
    const free = cuts.filter((cut) => !taken.has(cut));
    taken.add(free.reduce((best, cut) => (off(cut) < off(best) ? cut : best)));
  }
  return cuts.filter((cut) => taken.has(cut));
}
