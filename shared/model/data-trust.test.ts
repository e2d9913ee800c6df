import { expect, it } from "vitest";
import { seededRandom } from "../base/random.ts";
import { type BackboneOnSplit, dataTrust, trustWarnings } from "./data-trust.ts";

/** A split of which the first `right` samples are right, all as sure. */
function split(samples: number, right: number, sure = 0.5, labels?: Int32Array): BackboneOnSplit {
  const random = seededRandom(samples);
  return {
    correct: Uint8Array.from({ length: samples }, (_, at) => (at < right ? 1 : 0)),
    confidence: Float32Array.from({ length: samples }, () => sure + (random() - 0.5) / 5),
    labels,
  };
}

it("calls data seen on which the backbone is better than chance allows", () => {
  const trust = dataTrust(split(10_000, 9080), split(5000, 4340));
  expect(trust).toMatchObject({
    calibration: { samples: 10_000, accuracy: 0.908 },
    test: { samples: 5000, accuracy: 0.868 },
    seen: true,
    classSharesDiffer: false,
  });
  expect(trust.classSharesPValue).toBeUndefined();
  expect(trustWarnings(trust)).toEqual([
    {
      code: "calibration-seen",
      text: expect.stringMatching(/is right more .*\(90\.8 % on 10.000 there, 86\.8 % on 5.000 test images/),
    },
  ]);
});

it("keeps silent within chance, and where the test split is the better one", () => {
  for (const [calibration, test] of [
    [split(5000, 4400), split(5000, 4350)],
    [split(5000, 4340), split(5000, 4540)],
    [split(40, 39), split(40, 34)],
  ])
    expect(trustWarnings(dataTrust(calibration, test))).toEqual([]);
});

it("confidence alone tells too", () => {
  const trust = dataTrust(split(2000, 1800, 0.9), split(2000, 1800, 0.85));
  expect(trust.accuracyPValue).toBeGreaterThan(0.4);
  expect(trust.confidencePValue).toBeLessThan(1e-9);
  expect(trustWarnings(trust).map(({ text }) => text)).toEqual([expect.stringMatching(/is sure more/)]);
});

it("notices other shares of the classes, with rare ones counted together", () => {
  const labels = (counts: readonly number[]) =>
    Int32Array.from(counts.flatMap((count, label) => Array<number>(count).fill(label)));
  const even = labels([100, 100, 1, 2, 1]);
  // (100 100 4) against (150 50 4): expected 125 75 4 in both, distance 2 * (25^2 / 125 + 25^2 / 75) = 80 / 3.
  const skewed = labels([150, 50, 0, 0, 4]);
  const trust = dataTrust(split(204, 100, 0.5, even), split(204, 100, 0.5, skewed));
  expect(trust.classSharesPValue).toBeCloseTo(Math.exp(-80 / 6), 8);
  expect(trustWarnings(trust).map(({ code }) => code)).toEqual(["class-shares-differ"]);
  const alike = dataTrust(split(204, 100, 0.5, even), split(204, 100, 0.5, labels([104, 96, 4])));
  expect(alike.classSharesDiffer).toBe(false);
});
