import { expect, test } from "vitest";
import { type Random, randomNormal, seededRandom } from "../../../../shared/base/random.ts";
import type { GroupTimings } from "../estimate/fit-latencies.ts";
import type { Timing } from "../estimate/timing.ts";
import { estimatedEnergy, fitEnergies } from "./fit-energies.ts";

const rounds = 24;

/** Energies of a subject as a sensor counts them that errs by 2 % either way. */
function energies(truth: number, random: Random): Timing[] {
  return Array.from({ length: rounds }, (_, round) => {
    const ms = truth * (1 + 0.02 * randomNormal(random));
    return { ms, wallMs: 1, atMs: 100 * round, round };
  });
}

/** The backbone takes 100 mJ, the final stage 102, and exits leave at 20, 45 and 70 with heads of 1 and a branch of 2. */
function measured(seed: number): GroupTimings {
  const random = seededRandom(seed);
  const of = (truth: number) => energies(truth, random);
  return {
    rounds,
    backbone: of(100),
    final: of(102),
    empty: of(0.1),
    decisions: [of(0.3), of(0.4)],
    exits: [20, 45, 70].map((prefix, cut) => ({
      cut,
      kind: "linear",
      work: [1, 1000 - 200 * cut, 10_000],
      leave: of(prefix + 3),
      pass: of(102 + 3),
      head: of(1.1),
    })),
  };
}

test("energies are fitted like latencies, with intervals that hold the truth", () => {
  const truths = [20, 45, 70];
  let [held, asked] = [0, 0];
  for (let seed = 1; seed <= 20; seed++) {
    const fit = fitEnergies([measured(seed)], seededRandom(1));
    expect(fit.backbone.energyMillijoules).toBeGreaterThan(97);
    expect(fit.backbone.energyMillijoules).toBeLessThan(103);
    for (const [cut, truth] of truths.entries()) {
      const { energyMillijoules = 0, energyIntervalMillijoules: interval = [0, 0] } = estimatedEnergy(
        fit.prefixes.get(cut)!,
        { energyMillijoules: 100 },
      );
      expect(Math.abs(energyMillijoules - truth)).toBeLessThan(4);
      asked++;
      if (interval[0] <= truth && truth <= interval[1]) held++;
    }
  }
  expect(held / asked).toBeGreaterThan(0.9);
});

test("an energy is a ratio of the backbone's; without an interval where that is endless", () => {
  const backbone = { energyMillijoules: 40 };
  expect(estimatedEnergy({ ratio: 0.25, halfWidth: 0.05 }, backbone)).toEqual({
    energyMillijoules: 10,
    energyIntervalMillijoules: [8, 12],
  });
  expect(estimatedEnergy({ ratio: 0.01, halfWidth: 0.05 }, backbone)).toEqual({
    energyMillijoules: 0.4,
    energyIntervalMillijoules: [0, 2.4],
  });
  expect(estimatedEnergy({ ratio: 0.25, halfWidth: Number.POSITIVE_INFINITY }, backbone)).toEqual({
    energyMillijoules: 10,
  });
  expect(estimatedEnergy({ ratio: 0.25, halfWidth: 0.05 }, {})).toEqual({});
});
