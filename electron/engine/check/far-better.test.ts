import { describe, expect, it } from "vitest";
import { farBetter, type Trial } from "./far-better.ts";

/** Of so many images, the first `both` are right under both choices, then so many under one alone. */
function compare(images: number, both: number, present: number, other: number) {
  const right = Uint8Array.from({ length: images }, (_, at) => (at < both + present ? 1 : 0));
  const trial = Uint8Array.from({ length: images }, (_, at) =>
    at < both || (at >= both + present && at < both + present + other) ? 1 : 0,
  );
  return { right, trial };
}

const trialOf = (right: Uint8Array, what = "other", changes = 1): Trial => ({
  what,
  remedy: "do it",
  changes,
  right,
});

describe("farBetter", () => {
  it.each([
    // Binomial with 1/2: of 10 that differ all for the other, 1/1024; of 9 that differ 8, (1 + 9) / 512 = 0.0195.
    ["10 of 100 won, none lost", 100, 10, 0, 10, true],
    ["9 of 100 won: less than 10 points", 100, 10, 0, 9, false],
    ["4 of 30 won, none lost: 1/16", 30, 10, 0, 4, false],
    ["5 of 30 won, none lost: 1/32", 30, 10, 0, 5, true],
    ["8 of 60 won, 1 lost: 11.7 points, 0.0195", 60, 10, 1, 8, true],
    ["5 of 29 won: too few images to say", 29, 10, 0, 5, false],
    // P(at most 20 of 60) = 0.0067; P(at most 45 of 100) = 0.18.
    ["40 of 200 won, 20 lost: 10 points", 200, 10, 20, 40, true],
    ["55 of 100 won, 45 lost: 10 points, 0.18", 100, 0, 45, 55, false],
  ])("%s", (_, images, both, present, other, isFound) => {
    const { right, trial } = compare(images, both, present, other);
    expect(farBetter(right, [trialOf(trial)])).toHaveLength(isFound ? 1 : 0);
  });

  it("shares its level among all that was tried", () => {
    const { right, trial } = compare(30, 10, 0, 5);
    // 1/32 <= 0.05 / 1, but not <= 0.05 / 2.
    expect(farBetter(right, [trialOf(trial)], 2)).toEqual([]);
  });

  it("lets images that had a part in a choice say nothing for it", () => {
    const every = new Uint8Array(100).fill(1);
    const none = new Uint8Array(100);
    const tested = Uint8Array.from(every, (_, image) => (image < 20 ? 1 : 0));
    // Right on all that it was found on, and on 1 or 10 of the 20 others.
    const rightOn = (others: number) => every.map((_, image) => (image < 20 && image >= others ? 0 : 1));
    expect(farBetter(none, [{ ...trialOf(rightOn(1)), tested }])).toEqual([]);
    expect(farBetter(none, [{ ...trialOf(rightOn(10)), tested }])).toEqual([
      { what: "other", remedy: "do it", accuracy: 0.5 },
    ]);
  });

  it("names the best, none that it is far better than, and none that changes more for nothing", () => {
    const rightOn = (from: number, to: number) =>
      Uint8Array.from({ length: 100 }, (_, at) => (at >= from && at < to ? 1 : 0));
    const found = farBetter(rightOn(0, 10), [
      trialOf(rightOn(0, 60), "middling"),
      trialOf(rightOn(0, 90), "good"),
      trialOf(rightOn(5, 95), "as good by another way"),
      trialOf(rightOn(0, 94), "a little better for one more change", 2),
    ]);
    expect(found).toEqual([
      { what: "good", remedy: "do it", accuracy: 0.9 },
      { what: "as good by another way", remedy: "do it", accuracy: 0.9 },
    ]);
    const [best] = farBetter(rightOn(0, 10), [
      trialOf(rightOn(0, 50), "simple"),
      trialOf(rightOn(0, 100), "worth two changes", 2),
    ]);
    expect(best.what).toBe("worth two changes");
  });
});
