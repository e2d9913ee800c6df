import { worstClassifier } from "../space/reference-point.ts";
import { correctOfReference, type SearchSpace } from "../space/search-space.ts";
import type { OutputColumn } from "./exit-outputs.ts";

/**
 * The space of all thresholds of a policy with memory at a plan's own exits. An exit at which no sample leaves is still asked, as
 * the ones behind it go by what it said: so heads are paid for along the way, whether a plan names their exits or not.
 * @param space where the plan is evaluated without memory
 * @param candidates the plan's exits in order, as indices into the space's
 * @param columns of the policy, one per exit and the end's
 * @param extraMs what the policy itself adds at each exit and at the end, beside the heads and their own decisions
 */
export function memorySpace(
  space: SearchSpace,
  candidates: readonly number[],
  columns: readonly OutputColumn[],
  extraMs: readonly number[],
): SearchSpace {
  const own = candidates.map((candidate) => space.candidates[candidate]);
  const paid = own.map(({ headMs, headMacs }, exit) => ({ ms: headMs + extraMs[exit], macs: headMacs }));
  const sum = (of: "ms" | "macs", upTo: number) =>
    paid.slice(0, upTo).reduce((total, head) => total + head[of], 0);
  return {
    ...space,
    candidates: own.map((candidate, exit) => ({
      ...candidate,
      prefixMs: candidate.prefixMs + sum("ms", exit + 1),
      headMs: 0,
      prefixMacs: candidate.prefixMacs + sum("macs", exit + 1),
      headMacs: 0,
      headBytes: 0,
      energy: undefined,
      confidence: columns[exit].confidence,
      correct: columns[exit].correct,
    })),
    backboneCorrect: columns[own.length].correct,
    backboneMs: space.backboneMs + sum("ms", own.length) + extraMs[own.length],
    backboneMillijoules: undefined,
    backboneMacs: space.backboneMacs + sum("macs", own.length),
    backboneBytes: own.reduce((bytes, { headBytes }) => bytes + headBytes, space.backboneBytes),
    referenceCorrect: correctOfReference(space),
    leastCorrect: space.leastCorrect ?? worstClassifier([space]),
    referenceMs: space.referenceMs ?? space.backboneMs,
    referenceMillijoules: undefined,
    maxExits: own.length,
  };
}
