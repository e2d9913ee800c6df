import type { SearchSpace } from "../space/search-space.ts";
import type { CutSpace } from "./cut-space.ts";

/** Leaves out the cuts under which no plan is faster than it is without a cut or under another one. */
export function promisingCuts([device, ...cuts]: readonly CutSpace[]): CutSpace[] {
  const kept = [device];
  for (const [index, own] of cuts.entries()) {
    const rivals = [...kept, ...cuts.slice(index + 1)];
    const isBeaten = rivals.some(
      (rival, k) =>
        isNeverSlower(rival.space, own.space) && (k < kept.length || !isNeverSlower(own.space, rival.space)),
    );
    if (!isBeaten) kept.push(own);
  }
  return kept;
}

/** Whether each way out of any plan takes at most as long as in another space, the dearest heads on the way included. */
function isNeverSlower(space: SearchSpace, than: SearchSpace): boolean {
  const dearer: number[] = [];
  let headsMs = 0;
  for (const [c, { prefixMs, headMs }] of space.candidates.entries()) {
    const other = than.candidates[c];
    if (headMs > other.headMs) {
      dearer.push(headMs - other.headMs);
      dearer.sort((a, b) => b - a);
      headsMs = dearer.slice(0, space.maxExits).reduce((sum, ms) => sum + ms, 0);
    }
    if (prefixMs + headsMs > other.prefixMs) return false;
  }
  return space.backboneMs + headsMs <= than.backboneMs;
}
