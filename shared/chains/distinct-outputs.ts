import { outputHead } from "../model/plan.ts";
import type { DesignSpace } from "../space/design-space.ts";
import type { Candidate } from "../space/search-space.ts";

/**
 * The same space for a search, with one of the outputs in the middle of a chain that decide alike: a network's own output has
 * no thresholds per class, so their policy stands for the plain one there, and every plan with it would be found twice. Plans
 * are still evaluated on all outputs, as either name may stand in their files.
 */
export function distinctOutputs(on: DesignSpace): DesignSpace {
  const { candidates } = on.space;
  const kept = candidates.filter(
    (own, c) => own.head !== outputHead || !candidates.slice(0, c).some((other) => isSameOutput(own, other)),
  );
  return kept.length === candidates.length ? on : { ...on, space: { ...on.space, candidates: kept } };
}

/** No head runs at either, so they cost the same. */
function isSameOutput(own: Candidate, other: Candidate): boolean {
  return (
    other.position === own.position &&
    own.confidence.every((confidence, sample) => confidence === other.confidence[sample])
  );
}
