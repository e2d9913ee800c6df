import type { Guarantee } from "../../guarantee/guarantee.ts";

/** What a search guarantees of a plan; for tests. */
export const testGuarantee: Guarantee = {
  confidence: 0.95,
  maxDropPp: 1,
  method: "fixed-sequence",
  designSamples: 3333,
  controlSamples: 6667,
  tested: 24,
  passed: 23,
  holds: true,
  dropPp: 0.42,
  upperBoundPp: 0.931,
};
