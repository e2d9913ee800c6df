import type { SearchSpace } from "../space/search-space.ts";
import type { PartitionSpace } from "./partition-space.ts";

/** Leaves out the partitions at which no plan is faster than it is on the device alone or at another partition. */
export function promisingPartitions([device, ...partitioned]: readonly PartitionSpace[]): PartitionSpace[] {
  const kept = [device];
  for (const [index, own] of partitioned.entries()) {
    const rivals = [...kept, ...partitioned.slice(index + 1)];
    const isBeaten = rivals.some(
      (rival, k) =>
        isNeverSlower(rival.space, own.space) && (k < kept.length || !isNeverSlower(own.space, rival.space)),
    );
    if (!isBeaten) kept.push(own);
  }
  return kept;
}

/** Whether every path through any plan takes at most as long as in another space, its most expensive heads included. */
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
