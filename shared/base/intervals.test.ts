import { describe, expect, it } from "vitest";
import { pairedDifference, shareDifferenceInterval, shareInterval } from "./intervals.ts";

describe("interval of a share", () => {
  it("is Wilson's", () => {
    const [low, high] = shareInterval(93, 100);
    expect(low).toBeCloseTo(0.8625, 4);
    expect(high).toBeCloseTo(0.9657, 4);
  });

  it("stays within 0 and 1, where a normal one would be empty", () => {
    // All of n: from n / (n + z^2).
    const [low, high] = shareInterval(10, 10);
    expect(low).toBeCloseTo(10 / (10 + 1.959964 ** 2), 6);
    expect(high).toBeCloseTo(1, 12);
    expect(high).toBeLessThanOrEqual(1);
    const [none, some] = shareInterval(0, 10);
    expect(none).toBeCloseTo(0, 12);
    expect(none).toBeGreaterThanOrEqual(0);
    expect(some).toBeCloseTo(1 - low, 6);
  });
});

describe("difference of two accuracies on the same samples", () => {
  it("comes from the samples that they disagree on", () => {
    // 10 against 4 of 200: 0.03; variance (14 / 200 - 0.03^2) / 200 = 0.0003455.
    const { difference, halfWidth } = pairedDifference(10, 4, 200);
    expect(difference).toBeCloseTo(0.03, 10);
    expect(halfWidth).toBeCloseTo(1.959964 * Math.sqrt(0.0003455), 8);
    expect(pairedDifference(4, 10, 200)).toEqual({ difference: -difference, halfWidth });
  });

  it("is certain where they never disagree, or always the same way", () => {
    expect(pairedDifference(0, 0, 50)).toEqual({ difference: 0, halfWidth: 0 });
    expect(pairedDifference(50, 0, 50)).toEqual({ difference: 1, halfWidth: 0 });
  });
});

describe("difference of the shares of two groups", () => {
  it("has Newcombe's interval", () => {
    // Example (a) of his table II: 56 of 70 against 48 of 80.
    const [low, high] = shareDifferenceInterval([56, 70], [48, 80]);
    expect(low).toBeCloseTo(0.0524, 4);
    expect(high).toBeCloseTo(0.3339, 4);
  });
});
