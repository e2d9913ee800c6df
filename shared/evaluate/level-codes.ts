import type { SearchSpace } from "../search/search-space.ts";
import type { ThresholdGrid } from "./threshold-grid.ts";

/**
 * A level code says all that a sweep has to know about a sample at a candidate: in the upper bits the first
 * level at which the sample leaves (the number of levels if it never does), and below it these flags.
 */
export const LEVEL_SHIFT = 4;
export const EXIT_RIGHT = 8;
export const BACKBONE_RIGHT = 4;
/** The backbone or at least one candidate at a later position is right. */
export const SOME_LATER_RIGHT = 2;
/** The backbone and every candidate at a later position are right. */
export const EVERY_LATER_RIGHT = 1;
/** How many values the flags take: a histogram of codes has so many bins a level. */
export const CODES_PER_LEVEL = 1 << LEVEL_SHIFT;

/** Level codes per candidate [candidates][samples]. */
export function levelCodes(space: SearchSpace, grid: ThresholdGrid): Uint16Array[] {
  const later = new Uint8Array(space.samples);
  for (let sample = 0; sample < space.samples; sample++) {
    if (space.backboneCorrect[sample]) later[sample] = BACKBONE_RIGHT | SOME_LATER_RIGHT | EVERY_LATER_RIGHT;
  }
  const codes: Uint16Array[] = new Array(space.candidates.length);
  let end = space.candidates.length;
  // From the last position to the first, so that `later` covers what comes after the position at hand.
  while (end > 0) {
    let start = end - 1;
    while (start > 0 && space.candidates[start - 1].position === space.candidates[start].position) start--;
    for (let c = start; c < end; c++) {
      codes[c] = codesOf(space.candidates[c].confidence, space.candidates[c].correct, grid[c], later);
    }
    for (let c = start; c < end; c++) noteRight(later, space.candidates[c].correct);
    end = start;
  }
  return codes;
}

function codesOf(
  confidence: Float32Array,
  correct: Uint8Array,
  thresholds: Float32Array,
  later: Uint8Array,
): Uint16Array {
  return Uint16Array.from(confidence, (value, sample) => {
    let level = 0;
    let end = thresholds.length;
    while (level < end) {
      const middle = (level + end) >> 1;
      if (value >= thresholds[middle]) end = middle;
      else level = middle + 1;
    }
    return (level << LEVEL_SHIFT) | (correct[sample] ? EXIT_RIGHT : 0) | later[sample];
  });
}

function noteRight(later: Uint8Array, correct: Uint8Array): void {
  for (let sample = 0; sample < later.length; sample++) {
    if (correct[sample]) later[sample] |= SOME_LATER_RIGHT;
    else later[sample] &= ~EVERY_LATER_RIGHT;
  }
}
