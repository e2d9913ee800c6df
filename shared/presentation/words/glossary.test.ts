import { expect, it } from "vitest";
import { glossary, withTerms } from "./glossary.ts";

const found = (text: string) => withTerms(text).flatMap(({ entry }) => entry?.term ?? []);

it("is in the order of the alphabet, and says of each word more than the word", () => {
  const terms = glossary.map(({ term }) => term.toLowerCase());
  expect(terms).toEqual(terms.toSorted());
  for (const { meaning } of glossary) expect(meaning).toMatch(/^[A-Z].{60,220}\.$/);
});

it("finds each word in its own name, and in its other forms", () => {
  for (const { term } of glossary) expect(found(term)).toEqual([term]);
  expect(found("Exit policies")).toEqual(["policy"]);
  expect(found("Calibrated by a Temperature")).toEqual(["calibration", "temperature"]);
  expect(found("drop ≤ 0.50 pp")).toEqual(["pp"]);
});

it("leaves words alone that only hold one", () => {
  expect(found("apple, uncalibrated, Gapless, GapLinear")).toEqual([]);
});

it("marks a word where it comes first, and loses nothing of the text", () => {
  const text = "A policy, another policy, 0.5 pp of gap.";
  expect(withTerms(text).map((piece) => piece.text)).toEqual([
    "A ",
    "policy",
    ", another policy, 0.5 ",
    "pp",
    " of ",
    "gap",
    ".",
  ]);
  expect(found(text)).toEqual(["policy", "pp", "gap"]);
  expect(withTerms("plain")).toEqual([{ text: "plain" }]);
  expect(withTerms("")).toEqual([]);
});
