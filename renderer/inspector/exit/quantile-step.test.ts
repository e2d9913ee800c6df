import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstAtLeast, stepThreshold } from "./quantile-step.ts";

const rising = Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1);
const leaving = (values: Float32Array, threshold: number) =>
  values.length - firstAtLeast(values, Math.fround(threshold));

describe("threshold by quantile steps", () => {
  it("lets a tenth more or fewer leave, by a short decimal between two confidences", () => {
    expect(stepThreshold(rising, 0.55, 0.1)).toBe(0.45);
    expect(stepThreshold(rising, 0.55, -0.1)).toBe(0.65);
    expect(stepThreshold(rising, 0.55, 0.3)).toBe(0.25);
  });

  it("moves by one sample where the share is less than one", () => {
    expect(leaving(rising, stepThreshold(rising, 0.55, 0.001))).toBe(6);
    expect(leaving(rising, stepThreshold(rising, 0.55, -0.001))).toBe(4);
  });

  it("moves equals together", () => {
    const ties = Float32Array.of(0.2, 0.5, 0.5, 0.5, 1, 1);
    expect(leaving(ties, stepThreshold(ties, 0.7, 0.01))).toBe(5);
    expect(leaving(ties, stepThreshold(ties, 0.3, -0.01))).toBe(2);
  });

  it("stops at all and at the most confident", () => {
    expect(stepThreshold(rising, 0, 0.5)).toBe(0);
    expect(stepThreshold(rising, 0.15, 0.5)).toBe(0);
    expect(stepThreshold(rising, 0.95, -0.5)).toBe(0.95);
    expect(stepThreshold(new Float32Array(0), 0.3, 0.1)).toBe(0.3);
  });

  it("always changes how many leave in the direction asked for, or nothing", () => {
    const value = fc.integer({ min: 0, max: 20 }).map((step) => step / 20);
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 30 }),
        value,
        fc.constantFrom(-0.2, -0.01, 0.01, 0.2),
        (values, threshold, step) => {
          const sorted = Float32Array.from(values).sort();
          const moved = stepThreshold(sorted, threshold, step);
          const change = leaving(sorted, moved) - leaving(sorted, threshold);
          expect(moved === threshold || Math.sign(change) === Math.sign(step)).toBe(true);
        },
      ),
    );
  });
});
