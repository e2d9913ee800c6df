import { expect, test } from "vitest";
import { describePrediction, describeQuality, poorProfileText } from "./describe-quality.ts";

test("a word, and why not a better one", () => {
  expect(describeQuality({ trust: "good", reasons: [] })).toBe("good");
  expect(describeQuality({ trust: "fair", reasons: ["a game ran", "the clock fell"] })).toBe(
    "fair: a game ran; the clock fell",
  );
  expect(describeQuality(undefined)).toMatch(/^not known/);
  expect(poorProfileText({ trust: "poor", reasons: [] })).toMatch(/^The profile is poor, so latencies/);
  const four = { trust: "poor" as const, reasons: ["one", "two", "three", "four"] };
  expect(poorProfileText(four)).toMatch(/^The profile is poor \(one; two\), so/);
});

test("a prediction is said with its ends", () => {
  expect(describePrediction({ meanMs: [0.4, 0.5], speedup: [2, 2.5] })).toBe(
    "By the profile's own intervals (95 %) the plan's mean latency lies between 0.40 ms and 0.50 ms, and it is 2.0x to 2.5x as fast as the backbone.",
  );
});
