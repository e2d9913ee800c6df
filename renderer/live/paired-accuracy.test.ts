import { expect, it } from "vitest";
import { pairedAccuracy } from "./paired-accuracy.ts";

it("comes from the samples that plan and backbone disagree on", () => {
  // Of 4: the plan alone is right once, the backbone alone twice: -25 pp; variance (3/4 - 1/16) / 4.
  const { differencePp, halfWidthPp } = pairedAccuracy(Uint8Array.of(1, 0, 0, 1), Uint8Array.of(0, 1, 1, 1));
  expect(differencePp).toBe(-25);
  expect(halfWidthPp).toBeCloseTo(100 * 1.959964 * Math.sqrt((3 / 4 - 1 / 16) / 4), 8);
});
