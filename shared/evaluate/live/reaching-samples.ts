import type { SearchSpace } from "../../space/search-space.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";

/** Indices of the samples that none of the earlier exits lets leave, rising. */
export function reachingSamples(space: SearchSpace, earlier: readonly ThresholdedExit[]): Int32Array {
  const samples = Int32Array.from({ length: space.samples }, (_, sample) => sample);
  let reaching = space.samples;
  for (const { candidate, threshold } of earlier) {
    const { confidence } = space.candidates[candidate];
    const min = Math.fround(threshold);
    let continuing = 0;
    for (let i = 0; i < reaching; i++) {
      const sample = samples[i];
      samples[continuing] = sample;
      if (confidence[sample] < min) continuing++;
    }
    reaching = continuing;
  }
  return samples.subarray(0, reaching);
}
