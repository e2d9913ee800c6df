import { expect, it } from "vitest";
import { testGuarantee as guarantee } from "../testing/test-guarantee.ts";
import { describeGuarantee } from "./describe-guarantee.ts";

it("says what is guaranteed, of how many samples, and how much room is left", () => {
  expect(describeGuarantee(guarantee, false)).toBe(
    "drop ≤ 1.00 pp is guaranteed with 95 % confidence: on 6 667 calibration samples kept apart for the test the drop is 0.42 pp, its upper bound 0.93 pp; 23 of 24 plans tested passed",
  );
});

it("says plainly that only the backbone is safe, and how many samples would help", () => {
  const alone = { ...guarantee, confidence: 0.999, passed: 1, tested: 2, samplesNeeded: 120_000 };
  expect(describeGuarantee(alone, true)).toBe(
    "only the backbone alone is shown to keep drop ≤ 1.00 pp with 99.9 % confidence on 6 667 calibration samples; a plan with exits would take about 120 000 calibration samples",
  );
});

it("says that nothing holds", () => {
  const broken = { ...guarantee, maxDropPp: undefined, minAccuracy: 0.99, holds: false };
  expect(describeGuarantee(broken, false)).toMatch(
    /^no plan, nor the backbone, is shown to keep accuracy ≥ 99.00 % with 95 % confidence on .*; the plan comes without a guarantee$/,
  );
});
