import { describe, expect, it } from "vitest";
import { binomialMass } from "../base/binomial.ts";
import { dropBound, dropWithin } from "./drop-odds.ts";

const counts = { samples: 1000, lost: 15, gained: 5 };

/** How probably the bound is at least the true drop, over every outcome. */
function coverage(samples: number, lossShare: number, gainShare: number, confidence: number): number {
  let covered = 0;
  for (let lost = 0; lost <= samples; lost++)
    for (let gained = 0; lost + gained <= samples; gained++) {
      const mass =
        binomialMass(lost, samples, lossShare) *
        binomialMass(gained, samples - lost, gainShare / (1 - lossShare));
      if (mass > 1e-9 && dropBound({ samples, lost, gained }, confidence) >= lossShare - gainShare)
        covered += mass;
    }
  return covered;
}

describe("odds of a drop", () => {
  it("are even at the drop seen, and as good above it as the mirrored plan's are bad", () => {
    expect(dropWithin(counts, 0.01)).toBeCloseTo(0.5, 9);
    const mirrored = { samples: 1000, lost: 5, gained: 15 };
    expect(dropWithin(counts, 0.018) + dropWithin(mirrored, -0.018)).toBeCloseTo(1, 9);
    expect(dropWithin(counts, 0.018)).toBeCloseTo(0.944, 3);
  });

  it("follow the quadratic that was solved by hand", () => {
    // 10 lost, 6 gained of 100, bound 0.1: 200 g² + 3.6 g - 0.54 = 0 gives g = 0.043733; z = 6 / sqrt(100 (2 g + 0.1 - 0.01)).
    const g = (-3.6 + Math.sqrt(3.6 ** 2 + 4 * 200 * 0.54)) / 400;
    const z = 6 / Math.sqrt(100 * (2 * g + 0.1 - 0.01));
    expect(z).toBeCloseTo(1.424, 3);
    expect(dropWithin({ samples: 100, lost: 10, gained: 6 }, 0.1)).toBeCloseTo(0.9228, 4);
  });

  it("know a bound where nothing changed: z² / (n + z²)", () => {
    const none = { samples: 1000, lost: 0, gained: 0 };
    expect(dropBound(none, 0.95)).toBeCloseTo(1.644854 ** 2 / (1000 + 1.644854 ** 2), 5);
    expect(dropWithin(none, 0)).toBe(0.5);
  });

  it("are certain where all that can be lost is allowed", () => {
    expect(dropWithin(counts, 1)).toBe(1);
    // Half lost and half gained would be likeliest: 10 of 10 are sqrt(10) deviations away.
    expect(dropWithin({ samples: 10, lost: 10, gained: 0 }, 0)).toBeCloseTo(0.000783, 6);
    expect(dropWithin({ samples: 10, lost: 10, gained: 0 }, 1)).toBe(0.5);
    expect(dropBound({ samples: 10, lost: 10, gained: 0 }, 0.95)).toBe(1);
  });

  it("agree with the bound that they belong to, of plans better than the backbone too", () => {
    for (const one of [counts, { samples: 1000, lost: 2, gained: 60 }, { samples: 50, lost: 3.7, gained: 0 }])
      for (const confidence of [0.5, 0.95, 0.99]) {
        const bound = dropBound(one, confidence);
        expect(dropWithin(one, bound)).toBeGreaterThanOrEqual(confidence - 1e-9);
        expect(dropWithin(one, bound - 1e-4)).toBeLessThan(confidence);
      }
    expect(dropBound({ samples: 1000, lost: 2, gained: 60 }, 0.95)).toBeLessThan(0);
  });

  it.each([
    [60, 0.08, 0.03],
    [60, 0.1, 0.1],
    [80, 0.02, 0.06],
  ])(
    "bound the drop of a fixed plan about as often as they say: %d samples, lost %d, gained %d",
    (...truth) => {
      const covered = coverage(...truth, 0.95);
      expect(covered).toBeGreaterThan(0.93);
      expect(covered).toBeLessThan(0.985);
    },
  );
});
