import { sortedFloats } from "../base/sort-floats.ts";
import type { SearchSpace } from "./search-space.ts";

/** Per candidate of a space its thresholds, falling: level 0 lets the fewest samples leave, the last lets all. */
export type ThresholdGrid = readonly Float32Array[];

/** The thresholds that a search chooses from, for every candidate of the space. */
export function thresholdGrid(space: SearchSpace): ThresholdGrid {
  return space.candidates.map((candidate) => thresholdLevels(candidate.confidence, space.levels));
}

/**
 * Thresholds at the quantiles of the confidences: level k lets about (k + 1) / levels of the samples leave.
 * Equal confidences leave together, so that heavy ties give fewer levels than asked for.
 * @param confidences per sample [samples], at least one
 * @param levels how many thresholds to aim at, at least 1
 * @returns falling and distinct, length 1 to `levels`
 */
export function thresholdLevels(confidences: Float32Array, levels: number): Float32Array {
  const rising = sortedFloats(confidences);
  const samples = rising.length;
  const thresholds: number[] = [];
  for (let level = 0; level < levels; level++) {
    const leaving = Math.max(1, Math.round(((level + 1) * samples) / levels));
    const threshold = thresholdBelow(rising, samples - leaving);
    if (thresholds.length === 0 || threshold < thresholds[thresholds.length - 1]) thresholds.push(threshold);
  }
  return Float32Array.from(thresholds);
}

/** The threshold that lets `rising[index]`, all its equals and everything above leave, and nothing below. */
function thresholdBelow(rising: Float32Array, index: number): number {
  const higher = rising[index];
  let below = index - 1;
  while (below >= 0 && rising[below] === higher) below--;
  // Whoever is least confident leaves as well, on this split and on any other.
  if (below < 0) return Math.min(0, higher);
  const lower = rising[below];
  const midpoint = Math.fround((lower + higher) / 2);
  return midpoint > lower && midpoint < higher ? midpoint : higher;
}
