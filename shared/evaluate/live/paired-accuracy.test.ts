import { expect, it } from "vitest";
import { wholeWeights } from "../../space/sample-weights.ts";
import { pairedAccuracy } from "./paired-accuracy.ts";
import { randomSpace } from "./testing/random-space.ts";

const plan = Uint8Array.of(1, 0, 0, 1);
const space = { ...randomSpace(4, 1, 1), backboneCorrect: Uint8Array.of(0, 1, 1, 1) };

it("comes from the samples that plan and backbone disagree on", () => {
  // Of 4: the plan alone is right once, the backbone alone twice: -25 pp; variance (3/4 - 1/16) / 4.
  const { differencePp, halfWidthPp } = pairedAccuracy(plan, space);
  expect(differencePp).toBe(-25);
  expect(halfWidthPp).toBeCloseTo(100 * 1.959964 * Math.sqrt((3 / 4 - 1 / 16) / 4), 8);
});

it("weighs samples as often as they count, and reckons with no more than they are worth", () => {
  // Of 8: 4 times the plan alone, twice the backbone alone: +25 pp; worth 64 / (16 + 1 + 1 + 4) samples.
  const weights = wholeWeights([4, 1, 1, 2]);
  const { differencePp, halfWidthPp } = pairedAccuracy(plan, { ...space, weights });
  expect(differencePp).toBeCloseTo(25, 12);
  expect(halfWidthPp).toBeCloseTo(100 * 1.959964 * Math.sqrt((6 / 8 - 1 / 16) / (64 / 22)), 8);
});
