import { expect, test } from "vitest";
import { runsPerSample, turnFor } from "./turn.ts";

test("a turn lasts about 15 ms, eight samples at the most and one at the least", () => {
  expect([0.1, 1.8, 2, 4, 9, 50].map((ms) => turnFor(ms).samples)).toEqual([8, 8, 7, 3, 1, 1]);
});

test("only slow networks do without the untimed run", () => {
  expect(turnFor(99)).toEqual({ samples: 1, isWarmed: true });
  expect(turnFor(300)).toEqual({ samples: 1, isWarmed: false });
  expect([1, 99, 300].map((ms) => runsPerSample(turnFor(ms)))).toEqual([9 / 8, 2, 1]);
});
