import { expect, test } from "vitest";
import { uniqueNames } from "./unique-names.ts";

test("what is taken gets a suffix that is free", () => {
  const names = uniqueNames();
  expect(["a", "a_2", "a", "a", "a", "b", "a_"].map((name) => names.take(name))).toEqual([
    "a",
    "a_2",
    "a_",
    "a_3",
    "a_4",
    "b",
    "a__",
  ]);
  expect(names.has("a_3")).toBe(true);
  expect(names.has("a_5")).toBe(false);
});

test("a name that is wanted two hundred thousand times is given as often, each time another", () => {
  const names = uniqueNames();
  const given = new Set(Array.from({ length: 200_000 }, () => names.take("same")));
  expect(given.size).toBe(200_000);
  expect(given.has("same_200000")).toBe(false);
  expect(given.has("same_199999")).toBe(true);
});
