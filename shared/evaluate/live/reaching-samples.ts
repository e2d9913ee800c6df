import type { SearchSpace } from "../../space/search-space.ts";
import type { ThresholdedExit } from "../evaluate-plan.ts";

/** Indices of the samples that none of the earlier exits lets leave, rising. */
export function reachingSamples(space: SearchSpace, earlier: readonly ThresholdedExit[]): Int32Array {
  const samples = Int32Array.from({ length: space.samples }, (_, sample) => sample);
  let reaching = space.samples;
  for (const { candidate, threshold } of earlier) {
    const { confidence } = space.candidates[candidate];
    const least = Math.fround(threshold);
    let goingOn = 0;
    for (let i = 0; i < reaching; i++) {
      const sample = samples[i];
      samples[goingOn] = sample;
      if (confidence[sample] < least) goingOn++;
    }
    reaching = goingOn;
  }
  return samples.subarray(0, reaching);
}
