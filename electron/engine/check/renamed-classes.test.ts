import { expect, test } from "vitest";
import { renamedClasses } from "./renamed-classes.ts";

/** Forty images of each of three classes, in turns. */
const labels = Array.from({ length: 120 }, (_, at) => at % 3);
/** What is called 0 here is 1 there, 1 is 2, and 2 is 0. */
const shifted = labels.map((label) => (label + 1) % 3);

test("a network that counts its classes from another one", () => {
  expect(renamedClasses(shifted, labels, 3)).toEqual({ accuracy: 1, places: [1, 2, 0] });
  // Of the sixty images at odd places it mistakes the first six.
  const mistaken = shifted.map((answer, at) => (at < 12 && at % 2 === 1 ? labels[at] : answer));
  expect(renamedClasses(mistaken, labels, 3)?.accuracy).toBe(54 / 60);
});

test("the same order, two classes that it takes for one, and too few images", () => {
  expect(renamedClasses(labels, labels, 3)).toBeUndefined();
  expect(
    renamedClasses(
      labels.map((label) => (label === 2 ? 1 : 0)),
      labels,
      3,
    ),
  ).toBeUndefined();
  expect(renamedClasses(shifted.slice(0, 58), labels.slice(0, 58), 3)).toBeUndefined();
});

test("a network that guesses has no other order", () => {
  // Each class is answered with each, at both halves alike but for the images that are left over.
  const guesses = labels.map((_, at) => Math.floor(at / 6) % 3);
  expect(renamedClasses(guesses, labels, 3)).toBeUndefined();
});
