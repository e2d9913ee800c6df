import { describe, expect, it } from "vitest";
import { randomInteger, seededRandom } from "../../../shared/base/random.ts";
import { type ExitAnswers, fitClassOffsets } from "./class-offsets.ts";

/** Samples that are kept with the odds of their confidence times e^effect of their class; uniform confidences. */
function drawn(seed: number, samples: number, effects: readonly number[], shares = effects.map(() => 1)) {
  const random = seededRandom(seed);
  const classesOfShares = shares.flatMap((share, index) => new Array<number>(share).fill(index));
  const answers = {
    confidence: new Float32Array(samples),
    kept: new Uint8Array(samples),
    predicted: new Int32Array(samples),
  } satisfies ExitAnswers;
  for (let sample = 0; sample < samples; sample++) {
    const confidence = random();
    const predicted = classesOfShares[randomInteger(random, classesOfShares.length)];
    const odds = (confidence / (1 - confidence)) * Math.exp(effects[predicted]);
    answers.confidence[sample] = confidence;
    answers.predicted[sample] = predicted;
    answers.kept[sample] = random() < odds / (1 + odds) ? 1 : 0;
  }
  return answers;
}

function joined(parts: readonly ExitAnswers[]): ExitAnswers {
  return {
    confidence: Float32Array.from(parts.flatMap(({ confidence }) => [...confidence])),
    kept: Uint8Array.from(parts.flatMap(({ kept }) => [...kept])),
    predicted: Int32Array.from(parts.flatMap(({ predicted }) => [...predicted])),
  };
}

const largest = (values: Float32Array) => Math.max(...values.map(Math.abs));

describe("offsets of classes", () => {
  it("are the known shifts, up to one that all share", () => {
    const effects = [-1, 0, 0.5, 0.5];
    const offsets = fitClassOffsets(drawn(1, 40_000, effects), 4);
    effects.forEach((effect, index) => {
      expect(offsets[index] - offsets[1]).toBeGreaterThan(effect - 0.12);
      expect(offsets[index] - offsets[1]).toBeLessThan(effect + 0.12);
    });
    expect(fitClassOffsets(drawn(1, 40_000, effects), 4)).toEqual(offsets);
  });

  it("stay near 0 where classes don't differ, nearer than what each class says by itself", () => {
    const squares = (seed: number) => {
      const offsets = fitClassOffsets(drawn(seed, 4000, new Array<number>(10).fill(0)), 10);
      return offsets.reduce((sum, offset) => sum + offset ** 2, 0) / 10;
    };
    const rms = Math.sqrt([1, 2, 3, 4, 5].reduce((sum, seed) => sum + squares(seed), 0) / 5);
    // 400 samples determine a class's effect to 0.12: the mean weight p (1 - p) is 1/6
    expect(rms).toBeLessThan(0.07);
  });

  it("are nearer to 0 the fewer samples a class has, and 0 for one that has none", () => {
    const others = drawn(4, 4000, [-1, 1, -1, 1, 0, 0], [1, 1, 1, 1, 0, 0]);
    const few = drawn(5, 20, [0, 0, 0, 0, -1, 0], [0, 0, 0, 0, 1, 0]);
    const once = fitClassOffsets(joined([others, few]), 6);
    const often = fitClassOffsets(joined([others, ...new Array<ExitAnswers>(30).fill(few)]), 6);
    expect(once[4]).toBeLessThan(0);
    expect(often[4]).toBeLessThan(1.2 * once[4]);
    expect(Math.abs(once[5])).toBe(0);
  });

  it("turn the confidences' own slope out: half the log odds need half the shift", () => {
    const answers = drawn(5, 40_000, [-0.8, 0.8]);
    const flat = answers.confidence.map((c) => Math.sqrt(c) / (Math.sqrt(c) + Math.sqrt(1 - c)));
    const [low, high] = fitClassOffsets({ ...answers, confidence: flat }, 2);
    expect(high - low).toBeGreaterThan(0.7);
    expect(high - low).toBeLessThan(0.9);
  });

  it("are 0 where every sample is kept or confidence is certain, and finite where all are lost", () => {
    const samples = 300;
    const answers = drawn(6, samples, [0, 0, 0]);
    const all = (value: number) => new Uint8Array(samples).fill(value);
    expect(largest(fitClassOffsets({ ...answers, kept: all(1) }, 3))).toBeLessThan(0.05);
    expect(largest(fitClassOffsets({ ...answers, kept: all(0) }, 3))).toBeLessThan(0.05);
    const certain = new Float32Array(samples).fill(1);
    expect(fitClassOffsets({ ...answers, confidence: certain }, 3).every(Number.isFinite)).toBe(true);
  });

  it("are bounded for a class that is lost whatever its confidence", () => {
    const answers = drawn(7, 6000, [0, 0, 0]);
    const kept = answers.kept.map((bit, sample) => (answers.predicted[sample] === 2 ? 0 : bit));
    const offsets = fitClassOffsets({ ...answers, kept }, 3);
    expect(offsets[2]).toBeLessThan(-2);
    expect(largest(offsets)).toBeLessThanOrEqual(4);
  });
});
