import type { CrossFit } from "../../model/cross-fit.ts";
import { exit, figures } from "./test-plans.ts";

/** Halves of 3000 and 2000 images that took turns, with this drop together; for tests. */
export function testCrossFit(accuracyDropPp: number): CrossFit {
  const drop = { backboneAccuracy: 0.935, accuracyDropPp, accuracyDropHalfWidthPp: 0.2, speedup: 2.4 };
  const accuracy = 0.935 - accuracyDropPp / 100;
  return {
    calibrationSamples: 3000,
    testSamples: 2000,
    halves: [
      {
        chosenOn: "calibration",
        exits: [exit("a")],
        samples: 2000,
        figures: figures(accuracy, 0.6),
        ...drop,
      },
      { chosenOn: "test", exits: [exit("b")], samples: 3000, figures: figures(accuracy, 0.6), ...drop },
    ],
    pooled: {
      accuracy,
      accuracyInterval: [accuracy - 0.007, accuracy + 0.007],
      latencyMs: { mean: 0.6, p50: 0.5, p95: 1.3, worst: 2 },
      ...drop,
    },
  };
}
