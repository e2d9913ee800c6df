import { expect, it } from "vitest";
import { exactShareInterval } from "../base/binomial.ts";
import { type BackboneCheck, checkWarnings, isAtChance } from "./backbone-check.ts";

function check(
  correct: number,
  images: number,
  classes: number,
  others: BackboneCheck["alternatives"] = [],
): BackboneCheck {
  const interval = exactShareInterval(correct, images, 0.05);
  return { images, accuracy: correct / images, interval, chance: 1 / classes, alternatives: others };
}

it("is at chance where the exact interval includes it", () => {
  // Clopper-Pearson of 62 of 500: 9.64 % to 15.61 %; of 65: 10.18 % to 16.27 %.
  expect(isAtChance(check(62, 500, 10))).toBe(true);
  expect(isAtChance(check(65, 500, 10))).toBe(false);
  // Surely worse than guessing is no guess: it is warned of.
  expect(isAtChance(check(0, 500, 2))).toBe(false);
  expect(checkWarnings(check(0, 500, 2))).toMatchObject([
    {
      code: "backbone-below-chance",
      text: expect.stringMatching(/which is worse than guessing \(50.0 %\); either/),
    },
  ]);
  expect(isAtChance(check(0, 29, 2))).toBe(false);
});

it("warns of a guess, else of a far better choice, else of nothing", () => {
  const other = { what: "channels as BGR", accuracy: 0.82, remedy: "…" };
  expect(checkWarnings(check(300, 500, 10))).toEqual([]);
  expect(checkWarnings(check(300, 500, 10, [other]))).toEqual([
    {
      code: "far-better-alternative",
      text:
        "the backbone is right on 60.0 % of 500 training images (95 %: 55.6 to 64.3), guessing on 10.0 %; " +
        "with channels as BGR it would be 82.0 %",
    },
  ]);
  const [guess] = checkWarnings(check(50, 500, 10));
  expect(guess.code).toBe("backbone-at-chance");
  expect(guess.text).toMatch(
    /which is no better than guessing \(10.0 %\); either the preprocessing isn't .* another order$/,
  );
});
