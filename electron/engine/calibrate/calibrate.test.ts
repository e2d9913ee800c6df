import { describe, expect, it } from "vitest";
import { randomNormal, seededRandom } from "../../../shared/base/random.ts";
import { expectedCalibrationError, failurePredictionAuroc, reliabilityBins } from "./reliability.ts";
import { fitTemperature } from "./temperature.ts";

/** Labels drawn from softmax(logits), so that the best temperature of `logits * factor` is `factor`. */
function calibratedSamples(samples: number, classes: number, factor: number) {
  const random = seededRandom(3);
  const logits = new Float32Array(samples * classes);
  const labels = new Int32Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    const row = Array.from({ length: classes }, () => 2 * randomNormal(random));
    const weights = row.map(Math.exp);
    let rest = random() * weights.reduce((sum, weight) => sum + weight, 0);
    while (rest > weights[labels[sample]]) rest -= weights[labels[sample]++];
    logits.set(
      row.map((value) => value * factor),
      sample * classes,
    );
  }
  return { logits, labels };
}

describe("temperature", () => {
  it.each([0.5, 1, 3])("undoes a known scaling of %f", (factor) => {
    const { logits, labels } = calibratedSamples(20_000, 5, factor);
    expect(fitTemperature(logits, labels, 5) / factor).toBeCloseTo(1, 1);
  });
});

describe("reliability", () => {
  it("gives the error of a hand-made example", () => {
    // 4 samples at 0.9 of which 3 are right, 4 at 0.6 of which 1 is right: (0.15 + 0.35) / 2
    const confidence = Float32Array.of(0.9, 0.9, 0.9, 0.9, 0.6, 0.6, 0.6, 0.6);
    const correct = Uint8Array.of(1, 1, 1, 0, 1, 0, 0, 0);
    expect(expectedCalibrationError(reliabilityBins(confidence, correct))).toBeCloseTo(0.25, 6);
  });

  it("puts confidence 1 into the last bin", () => {
    expect(reliabilityBins(Float32Array.of(1), Uint8Array.of(1)).at(-1)).toEqual({
      confidence: 1,
      accuracy: 1,
      count: 1,
    });
  });
});

describe("failure prediction", () => {
  it("is 1 when every right sample is more confident, 0 when less, a half for ties", () => {
    expect(failurePredictionAuroc(Float32Array.of(0.9, 0.8, 0.3), Uint8Array.of(1, 1, 0))).toBe(1);
    expect(failurePredictionAuroc(Float32Array.of(0.1, 0.2, 0.3), Uint8Array.of(1, 1, 0))).toBe(0);
    expect(failurePredictionAuroc(Float32Array.of(0.5, 0.5, 0.5), Uint8Array.of(1, 1, 0))).toBe(0.5);
  });

  it("equals counting pairs", () => {
    const random = seededRandom(5);
    const confidence = Float32Array.from({ length: 60 }, () => Math.round(random() * 10) / 10);
    const correct = Uint8Array.from({ length: 60 }, () => (random() < 0.6 ? 1 : 0));
    let won = 0;
    let pairs = 0;
    for (let a = 0; a < 60; a++)
      for (let b = 0; b < 60; b++)
        if (correct[a] === 1 && correct[b] === 0) {
          pairs++;
          won += confidence[a] > confidence[b] ? 1 : confidence[a] === confidence[b] ? 0.5 : 0;
        }
    expect(failurePredictionAuroc(confidence, correct)).toBeCloseTo(won / pairs, 10);
  });
});
