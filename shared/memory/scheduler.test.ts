import { expect, it } from "vitest";
import { seededRandom } from "../base/random.ts";
import { fitScheduler, shareOut, thresholdsOfShares } from "./scheduler.ts";
import { madeUpOutputs } from "./testing/made-up-outputs.ts";

it("shares samples out by score and cost", () => {
  // Scores 0.5 and 1, squared: 1/4 and 1; costs of half and all at a price of ln 16: times 1/4 and 1/16.
  const taste = { sharpness: 2, price: Math.log(16) };
  const [exit, end] = shareOut([Float32Array.of(0.5), Float32Array.of(1)], [5, 10], taste);
  expect(exit[0]).toBeCloseTo(0.5, 12);
  expect(end[0]).toBeCloseTo(0.5, 12);
});

it("lets an exit's share of all samples leave, of those that are left", () => {
  const scores = [
    Float32Array.of(0.9, 0.2, 0.8, 0.1),
    Float32Array.of(0.9, 0.6, 0.9, 0.7),
    new Float32Array(4),
  ];
  expect(thresholdsOfShares(scores, [0.5, 0.25, 0.25])).toEqual([scores[0][2], scores[1][3]]);
  expect(thresholdsOfShares(scores, [0, 1, 0])).toEqual([2, scores[1][1]]);
});

it("uses early exits more the dearer latency is", () => {
  const outputs = madeUpOutputs(seededRandom(3), 1500, 2);
  const leaving = [0.5, 2, 8].map((price) => {
    const { policy, thresholds } = fitScheduler(outputs, [1, 2, 3], { sharpness: 4, price });
    const [{ confidence }] = policy.columns(outputs);
    return confidence.reduce((sum, own) => sum + (own >= thresholds[0] ? 1 : 0), 0);
  });
  expect(leaving[0]).toBeLessThan(leaving[1]);
  expect(leaving[1]).toBeLessThan(leaving[2]);
});
