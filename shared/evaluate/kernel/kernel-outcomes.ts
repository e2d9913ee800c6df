import type { SearchSpace } from "../../space/search-space.ts";
import { LEVEL_SHIFT } from "../level-codes.ts";
import { type CountOutcomes, outcomeBins, outcomesOf } from "../reference/midway-sweep.ts";
import { sameExits } from "../reference/sample-trace.ts";
import type { PlacedExit } from "../sweep.ts";
import type { KernelLayout } from "./kernel-memory.ts";
import type { KernelInstance } from "./kernel-module.ts";
import type { KernelSamples } from "./kernel-samples.ts";

/** Counts samples by what a suffix makes of them; marked once, as many candidates are swept in front of the same one. */
export function createOutcomeCount(
  { maxExits }: SearchSpace,
  levels: number,
  at: KernelLayout["at"],
  { exports, buffer }: KernelInstance,
  { trace, visitOf, codesAt }: KernelSamples,
): CountOutcomes {
  const bins = new Int32Array(buffer, at.outcomeBins, outcomeBins(levels, maxExits));
  let marked: { depth: number; visit: number; suffix: readonly PlacedExit[] } | undefined;

  function markOutcomes(depth: number, suffix: readonly PlacedExit[]): void {
    const visit = visitOf(depth);
    if (marked?.depth === depth && marked.visit === visit && sameExits(marked.suffix, suffix)) return;
    marked = { depth, visit, suffix };
    const count = trace.remaining[depth];
    exports.markBackbone(codesAt(depth, suffix[0].candidate), count, suffix.length, at.outcomes);
    for (let k = suffix.length - 1; k >= 0; k--) {
      const staying = (suffix[k].level + 1) << LEVEL_SHIFT;
      exports.markLeavers(codesAt(depth, suffix[k].candidate), count, staying, k, at.outcomes);
    }
  }

  return (depth, candidate, suffix) => {
    markOutcomes(depth, suffix);
    const count = trace.remaining[depth];
    const codes = codesAt(depth, candidate);
    exports.countOutcomes(codes, at.outcomes, count, at.outcomeBins, outcomesOf(suffix), bins.length);
    return bins;
  };
}
