import { expect, test } from "vitest";
import { describeTimeBudget } from "./describe-time-budget.ts";

test("what a run settled for is said with what it would have been", () => {
  const said = describeTimeBudget({
    seconds: 900,
    used: 850,
    settled: [
      { what: "train images", took: 600, wanted: 2000 },
      { what: "cut points", took: 6, wanted: 49 },
      { what: "profile seconds", took: 12.5, wanted: 30 },
      { what: "corrupted images", took: 80, wanted: 1000 },
      { what: "verified samples", took: 300, wanted: 2000 },
    ],
  });
  expect(said).toBe(
    "The run kept to its 15 min (14 min 10 s) and settled for 600 of 2 000 train images; heads at 6 of 49 cut points, " +
      "spread evenly by MACs; 12.5 s instead of 30.0 s for the profile; 80 of 1 000 corrupted test images; 300 of 2 000 test images verified.",
  );
});

test("a run that took longer says so, and one that cut nothing too", () => {
  const leftOut = [{ what: "corrupted images" as const, took: 0, wanted: 1000 }];
  expect(describeTimeBudget({ seconds: 60, used: 59, settled: leftOut })).toMatch(
    / and settled for no corrupted images\.$/,
  );
  expect(describeTimeBudget({ seconds: 60, used: 75, settled: [] })).toBe(
    "The run took 1 min 15 s of the 1 min that it was given, and did all that it does without a limit.",
  );
});
