import type { SearchSpace } from "../space/search-space.ts";
import type { ThresholdGrid } from "../space/threshold-grid.ts";

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

/** How finely confidences are told apart before they are compared with thresholds. */
const BUCKETS = 1024;

/**
 * A sample's level is counted up from the lowest that its bucket of confidence allows, which mostly is it. Halving
 * the thresholds instead took four times as long, most of what a search needed to get ready.
 */
function codesOf(
  confidence: Float32Array,
  correct: Uint8Array,
  thresholds: Float32Array,
  later: Uint8Array,
): Uint16Array {
  const levels = thresholds.length;
  const highest = thresholds[0];
  const lowest = thresholds[levels - 1];
  const scale = highest > lowest ? BUCKETS / (highest - lowest) : 0;
  // Rises with the confidence, so whoever is in a lower bucket than a threshold is below the threshold.
  const bucketOf = (value: number) => Math.floor((value - lowest) * scale);
  const minLevel = new Uint16Array(BUCKETS + 1);
  for (const threshold of thresholds) for (let b = bucketOf(threshold) - 1; b >= 0; b--) minLevel[b]++;

  const codes = new Uint16Array(confidence.length);
  for (let sample = 0; sample < confidence.length; sample++) {
    const value = confidence[sample];
    let level = levels;
    if (value >= highest) level = 0;
    else if (value >= lowest) {
      level = minLevel[bucketOf(value)];
      while (value < thresholds[level]) level++;
    }
    codes[sample] = (level << LEVEL_SHIFT) | (correct[sample] ? EXIT_RIGHT : 0) | later[sample];
  }
  return codes;
}

function noteRight(later: Uint8Array, correct: Uint8Array): void {
  for (let sample = 0; sample < later.length; sample++) {
    if (correct[sample]) later[sample] |= SOME_LATER_RIGHT;
    else later[sample] &= ~EVERY_LATER_RIGHT;
  }
}
