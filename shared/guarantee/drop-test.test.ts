import { describe, expect, it } from "vitest";
import { binomialMass } from "../base/binomial.ts";
import { seededRandom } from "../base/random.ts";
import { dropPValue, smallestDropBound } from "./drop-test.ts";

/** The probability that the test rejects, over every outcome. */
function rejectionRate(samples: number, bound: number, level: number, truths: readonly [number, number][]) {
  const rejected: [number, number][] = [];
  for (let lost = 0; lost <= samples; lost++)
    for (let gained = 0; lost + gained <= samples; gained++)
      if (dropPValue({ samples, lost, gained }, bound, level) <= level) rejected.push([lost, gained]);
  return truths.map(([lossShare, gainShare]) =>
    rejected.reduce(
      (sum, [lost, gained]) =>
        sum +
        binomialMass(lost, samples, lossShare) *
          binomialMass(gained, samples - lost, gainShare / (1 - lossShare)),
      0,
    ),
  );
}

describe("test of an accuracy drop", () => {
  it.each([
    [20, 0.1, 0.1],
    [30, 0.08, 0.05],
    [30, 0, 0.1],
    [30, 0.2, 0.01],
  ])(
    "%d samples, bound %d: is wrong no oftener than level %d, whatever else the plan changes",
    (samples, bound, level) => {
      const truths: [number, number][] = [];
      for (const excess of [0, 0.03])
        for (let gained = 0; gained + gained + bound + excess <= 1; gained += 0.02)
          truths.push([gained + bound + excess, gained]);
      const rates = rejectionRate(samples, bound, level, truths);
      for (const rate of rates) expect(rate).toBeLessThanOrEqual(level);
      // A test that never rejects would be right as well.
      if (bound > 0) expect(rejectionRate(samples, bound, level, [[0, 0.15]])[0]).toBeGreaterThan(0.4);
    },
  );

  it("holds at the size of a real split, and spends most of its level", () => {
    const random = seededRandom(7);
    const [samples, lossShare, gainShare, level, draws] = [3000, 0.024, 0.014, 0.1, 1000];
    const verdicts = new Map<string, boolean>();
    let wrong = 0;
    for (let draw = 0; draw < draws; draw++) {
      let [lost, gained] = [0, 0];
      for (let sample = 0; sample < samples; sample++) {
        const chance = random();
        if (chance < lossShare) lost++;
        else if (chance < lossShare + gainShare) gained++;
      }
      // Only outcomes at the edge are worth working out: the others are certain.
      if (lost - gained > 25) continue;
      const key = `${lost} ${gained}`;
      if (!verdicts.has(key)) verdicts.set(key, dropPValue({ samples, lost, gained }, 0.01, level) <= level);
      if (verdicts.get(key)) wrong++;
    }
    const error = Math.sqrt((level * (1 - level)) / draws);
    expect(wrong / draws).toBeLessThan(level + 2 * error);
    expect(wrong / draws).toBeGreaterThan(0.6 * level);
  });

  it("says 1 where the drop seen is the bound or more", () => {
    expect(dropPValue({ samples: 100, lost: 4, gained: 3 }, 0.01, 0.05)).toBe(1);
    expect(dropPValue({ samples: 100, lost: 50, gained: 0 }, 0.01, 0.05)).toBe(1);
  });

  it("is all but certain where so few samples change that the bound is out of reach", () => {
    // A drop of 5 % changes 5 % of 2000 at least; 3 changes leave what the confidence set may miss, level / 50.
    expect(dropPValue({ samples: 2000, lost: 2, gained: 1 }, 0.05, 0.05)).toBeCloseTo(0.001, 12);
  });
});

describe("smallest bound that a plan would pass", () => {
  it("is what it takes to see nothing lost", () => {
    // (1 - bound)^1000 = 0.05 gives 0.00299, which no test can beat.
    const bound = smallestDropBound({ samples: 1000, lost: 0, gained: 0 }, 0.05);
    expect(bound).toBeGreaterThan(0.00299);
    expect(bound).toBeLessThan(0.0045);
  });

  it("stays within a tenth of a deviation and a half of the normal approximation, and above it", () => {
    for (const [samples, lost, gained] of [
      [4000, 80, 70],
      [10000, 150, 120],
      [3000, 60, 30],
    ]) {
      const drop = (lost - gained) / samples;
      const deviation = Math.sqrt(((lost + gained) / samples - drop ** 2) / samples);
      const bound = smallestDropBound({ samples, lost, gained }, 0.05);
      expect((bound - drop) / deviation).toBeGreaterThan(1.645);
      expect((bound - drop) / deviation).toBeLessThan(1.9);
    }
  });

  it("is the edge of the test", () => {
    const counts = { samples: 500, lost: 12, gained: 7 };
    const bound = smallestDropBound(counts, 0.1);
    expect(dropPValue(counts, bound, 0.1)).toBeLessThanOrEqual(0.1);
    expect(dropPValue(counts, bound - 1e-4, 0.1)).toBeGreaterThan(0.1);
  });

  it("is everything for a plan that loses all", () => {
    expect(smallestDropBound({ samples: 50, lost: 50, gained: 0 }, 0.05)).toBe(1);
  });
});
